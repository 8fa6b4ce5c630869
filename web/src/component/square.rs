//! A square code (二维码) as drawing, so that it prints sharp and needs no image.

use maud::{Markup, html};

/// Light modules around a square code, without which cameras do not find it.
const QUIET: usize = 4;

/// A square code: its modules row by row, true for a dark one.
#[derive(Clone, Debug, Default)]
pub struct Square {
    pub width: usize,
    pub dark: Vec<bool>,
}

/// One path of runs of dark modules: sharp at every size, and nothing inline that the policy forbids.
#[must_use]
pub fn square_code(square: &Square, label: &str) -> Markup {
    let size = square.width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in square.dark.chunks(square.width.max(1)).enumerate() {
        let mut x = 0;
        while let Some(start) = row.iter().skip(x).position(|dark| *dark).map(|n| n + x) {
            let length = row[start..].iter().take_while(|dark| **dark).count();
            path.push_str(&format!("M{} {}h{length}v1h-{length}z", start + QUIET, y + QUIET));
            x = start + length;
        }
    }
    html! {
        svg.square-code role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_code_is_drawn_as_runs_with_room_around() {
        let square =
            Square { width: 3, dark: vec![true, true, false, false, false, false, true, false, true] };
        let html = square_code(&square, "x").into_string();
        assert!(html.contains("d=\"M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z\""), "{html}");
        assert!(html.contains("viewBox=\"0 0 11 11\""));
    }
}
