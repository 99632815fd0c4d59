//! An empty window of the same toolkit, renderer and size: what the program's start and memory are measured against.
#![expect(clippy::print_stderr, reason = "a tool for developers prints")]

use eframe::egui::{self, vec2};

/// Says when its first frame is built and when its second, which is as soon as the first was painted; shows nothing.
#[derive(Default)]
struct Empty {
    frames: u8,
}

impl eframe::App for Empty {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.frames = self.frames.saturating_add(1);
        match self.frames {
            1 => {
                eprintln!("first frame");
                ui.ctx().request_repaint();
            }
            2 => eprintln!("second frame"),
            _ => {}
        }
    }
}

fn main() -> eframe::Result {
    let options = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default().with_inner_size(vec2(1360.0, 860.0)),
        ..eframe::NativeOptions::default()
    };
    eframe::run_native("Empty", options, Box::new(|_| Ok(Box::new(Empty::default()))))
}
