//! A QR code as drawing: one path, so that it prints sharp and needs no image.

use std::fmt::Write as _;

use maud::{Markup, html};

/// The modules of a code, row by row.
#[derive(Clone, Debug)]
pub struct Modules {
    pub width: usize,
    pub dark: Vec<bool>,
}

/// Quiet zone round the code, in modules (ISO/IEC 18004 asks for 4).
const QUIET: usize = 4;

/// Draws the code; `label` says what it is for.
#[must_use]
pub fn qr(modules: &Modules, label: &str) -> Markup {
    let side = modules.width + 2 * QUIET;
    let mut path = String::new();
    for (i, _) in modules.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let (x, y) = (i % modules.width + QUIET, i / modules.width + QUIET);
        let _ = write!(path, "M{x} {y}h1v1h-1z");
    }
    html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect.qr-paper width=(side) height=(side) {}
            path.qr-ink d=(path) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dark_module_is_drawn_inside_the_quiet_zone() {
        let modules = Modules { width: 2, dark: vec![true, false, false, true] };
        let html = qr(&modules, "码").into_string();
        assert!(html.contains(r#"viewBox="0 0 10 10""#));
        assert!(html.contains("M4 4h1v1h-1zM5 5h1v1h-1z"), "{html}");
    }
}
