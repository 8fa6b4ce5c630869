//! File names from people: made harmless, never trusted.

use super::check::Kind;

/// Characters of a name with its ending.
const LONGEST: usize = 120;
/// Names that Windows keeps for devices, whatever follows the dot.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The last part of a path as somebody's system wrote it, without what no name needs; for telling people which file
/// is meant.
pub fn shown(typed: &str) -> String {
    bare(typed).chars().take(LONGEST).collect()
}

fn bare(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = crate::text::tidy(last)
        .chars()
        .filter(|c| crate::text::one_line(c.encode_utf8(&mut [0; 4])).is_ok() && !"<>:\"|?*".contains(*c))
        .collect();
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if kept.is_empty() { "文件".to_owned() } else { kept.to_owned() }
}

/// The ending in small letters; empty without one.
pub fn ending(typed: &str) -> String {
    match bare(typed).rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 8 => ending.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// The name a file is kept and offered under: its ending says what it really is.
pub fn clean(typed: &str, kind: Kind) -> String {
    let shown = shown(typed);
    let stem = match shown.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 8 => stem,
        _ => &shown,
    };
    let room = LONGEST - kind.ending().len() - 1;
    let cut: String = stem.chars().take(room).collect();
    let stem = cut.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let first = stem.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    let port = |name: &str| {
        first.strip_prefix(name).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let stem = match stem {
        "" => "文件".to_owned(),
        _ if DEVICES.contains(&first.as_str()) || port("com") || port("lpt") => format!("_{stem}"),
        _ => stem.to_owned(),
    };
    let name: String = stem.chars().take(room).collect();
    format!("{name}.{}", kind.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_harm() {
        for (typed, want) in [
            ("C:\\文件\\..\\场地\u{202e}fdp.exe.pdf", "场地fdp.exe.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("a\0b\n.pdf", "ab.pdf"),
            ("CON.pdf", "_CON.pdf"),
            ("com1.x.pdf", "_com1.x.pdf"),
            ("...", "文件.pdf"),
            ("照片.jpg", "照片.pdf"),
            ("第1.2版草案意见稿", "第1.2版草案意见稿.pdf"),
        ] {
            assert_eq!(clean(typed, Kind::Pdf), want, "{typed:?}");
        }
        assert_eq!(clean(&"长".repeat(300), Kind::Pdf).chars().count(), LONGEST);
        assert_eq!(clean(&format!("{}.pdf", "长".repeat(300)), Kind::Pdf).chars().count(), LONGEST);
    }
}
