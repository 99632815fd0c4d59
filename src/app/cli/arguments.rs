//! What can be written on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

/// Generate images from any OpenAI-compatible images API, judge them like a contact sheet, keep the picks.
#[derive(Debug, Parser)]
#[command(name = "proofsheet", version)]
#[command(
    after_help = "Without a command the window opens. The key comes from the keyring, or from PROOFSHEET_API_KEY."
)]
pub struct Arguments {
    /// The options that work everywhere.
    #[command(flatten)]
    pub everywhere: Everywhere,
    /// What paints the window; without it the first that works
    #[arg(long, value_name = "RENDERER")]
    pub renderer: Option<Renderer>,
    /// What to do instead of opening the window.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,
}

/// What can paint the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Renderer {
    /// OpenGL
    Glow,
    /// Vulkan, Metal or Direct3D
    Wgpu,
}

/// Options for the window and for every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Everywhere {
    /// The folder that holds everything made
    #[arg(long, global = true, value_name = "DIR")]
    pub library: Option<PathBuf>,
    /// Keep configuration, state and cache under this one folder
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The endpoint from Preferences to use
    #[arg(long, global = true, value_name = "NAME")]
    pub endpoint: Option<String>,
    /// The server's address, like <https://ramclouds.me/v1>
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// Use the demo endpoint: painted on this computer, no key, not a model
    #[arg(long, global = true, conflicts_with_all = ["endpoint", "base_url"])]
    pub demo: bool,
}

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make images and store them in the library
    Generate(Wanted),
    /// Verify the library: hashes, missing files, leftovers
    Check,
    /// Make the search index again from the library's folders
    Rebuild,
    /// Serve the demo endpoint alone, on this computer
    DemoEndpoint {
        /// The port; any free one unless given
        #[arg(long)]
        port: Option<u16>,
    },
}

/// What to generate. Values are kept as typed: the same check as in the window judges them.
#[derive(Debug, Args)]
pub struct Wanted {
    /// What the images should show
    #[arg(value_name = "PROMPT")]
    pub prompt: String,
    /// How many images, 1 to 10
    #[arg(short = 'n', value_name = "N", default_value = "1", allow_hyphen_values = true)]
    pub images: String,
    /// The model's id; the endpoint's own default unless given
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// Width and height, like 1024x1024
    #[arg(long, value_name = "WxH", default_value = "", hide_default_value = true)]
    pub size: String,
    /// standard, hd, or what the model takes
    #[arg(long, value_name = "Q", default_value = "", hide_default_value = true)]
    pub quality: String,
    /// vivid or natural
    #[arg(long, value_name = "S", default_value = "", hide_default_value = true)]
    pub style: String,
    /// How images come back: url or `b64_json`
    #[arg(long, value_name = "F", default_value = "", hide_default_value = true)]
    pub response_format: String,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Copy the stored files to this folder too; nothing there is overwritten
    #[arg(long, value_name = "DIR")]
    pub copy_to: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_for_everywhere_are_taken_on_both_sides() {
        for line in [
            ["proofsheet", "--base-url", "http://x.example", "check"],
            ["proofsheet", "check", "--base-url", "http://x.example"],
        ] {
            let arguments = Arguments::try_parse_from(line).unwrap();
            assert_eq!(arguments.everywhere.base_url.as_deref(), Some("http://x.example"));
        }
    }

    #[test]
    fn a_renderer_is_named_by_its_word() {
        let parsed = Arguments::try_parse_from(["proofsheet", "--renderer", "wgpu"]).unwrap();
        assert_eq!(parsed.renderer, Some(Renderer::Wgpu));
        assert!(Arguments::try_parse_from(["proofsheet", "--renderer", "gdi"]).is_err());
    }

    #[test]
    fn the_demo_stands_alone() {
        assert!(Arguments::try_parse_from(["proofsheet", "--demo", "--endpoint", "x"]).is_err());
        assert!(Arguments::try_parse_from(["proofsheet", "--demo", "generate", "a fox"]).is_ok());
    }
}
