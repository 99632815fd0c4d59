//! An empty window of the same toolkit, renderer and size: what the program's start and memory are measured against.
#![expect(clippy::print_stderr, reason = "a tool for developers prints")]

use eframe::egui::{self, vec2};

/// Says when it was first seen, and shows nothing.
#[derive(Default)]
struct Empty {
    has_frame: bool,
}

impl eframe::App for Empty {
    fn ui(&mut self, _ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if !std::mem::replace(&mut self.has_frame, true) {
            eprintln!("first frame");
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
