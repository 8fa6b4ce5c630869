//! What the checks refuse, and what they leave of what they take.

use jianyan::attachment;
use jianyan::attachment::check::check;

use super::kit;

#[test]
fn the_hostile_kit_is_refused() {
    for sample in kit::refused() {
        let what = sample.what;
        let why = match check(&sample.name, sample.bytes) {
            Ok(made) => panic!("{what}: taken as {:?} {:?}", made.kind, made.name),
            Err(why) => why,
        };
        assert!(why.zh.starts_with('“') && why.zh.contains("”："), "{what}: {}", why.zh);
        assert!(why.en.starts_with('“') && why.en.contains("”: "), "{what}: {}", why.en);
    }
}

#[test]
fn what_is_taken_is_harmless_and_tells_nothing() {
    for sample in kit::taken() {
        let (what, name) = (sample.what, sample.name);
        let made = check(&name, sample.bytes).unwrap_or_else(|why| panic!("{what}: {}", why.en));
        let mut texts = vec![made.bytes.clone()];
        if made.bytes.starts_with(b"PK") {
            let mut parts = zip::ZipArchive::new(std::io::Cursor::new(made.bytes.clone())).unwrap();
            for at in 0..parts.len() {
                let mut part = Vec::new();
                std::io::copy(&mut parts.by_index(at).unwrap(), &mut part).unwrap();
                texts.push(part);
            }
            assert!(texts.len() > 3, "{what}: nothing is lost");
        }
        for start in memchr::memmem::find_iter(&made.bytes, b"stream\n") {
            let mut plain = Vec::new();
            let mut unpack = flate2::read::ZlibDecoder::new(&made.bytes[start + 7..]);
            let _ = std::io::copy(&mut unpack, &mut plain);
            texts.push(plain);
        }
        for secret in kit::SECRETS {
            let hex: String = secret.bytes().map(|b| format!("{b:02X}")).collect();
            for text in &texts {
                let found = [secret.as_bytes(), hex.as_bytes()]
                    .iter()
                    .any(|s| memchr::memmem::find(text, s).is_some());
                assert!(!found, "{what}: {secret} is still in it");
            }
        }
        if made.size.is_some() {
            let format = image::guess_format(&made.bytes).unwrap();
            let drawn = image::load_from_memory_with_format(&made.bytes, format).unwrap();
            assert_eq!(Some((drawn.width(), drawn.height())), made.size, "{what}");
            assert!(memchr::memmem::find(&made.bytes, b"PK\x03\x04").is_none(), "{what}: a second file");
        }
        // What was made harmless is taken again as it is.
        let again = check(&made.name, made.bytes.clone()).unwrap_or_else(|why| panic!("{what}: {}", why.en));
        assert_eq!(again.name, made.name);
    }
}

#[test]
fn half_a_picture_is_no_more_than_a_picture() {
    let whole = kit::photograph(400, 200);
    if let Ok(made) = check("半张.jpg", whole[..whole.len() / 2].to_vec()) {
        assert!(image::load_from_memory(&made.bytes).is_ok());
    }
}

#[test]
fn names_are_made_harmless() {
    let pdf = kit::pdf(&[], "");
    for (typed, want) in [
        ("../../etc/意见.pdf", "意见.pdf"),
        ("..\\..\\意见.pdf", "意见.pdf"),
        ("/etc/意见.pdf", "意见.pdf"),
        ("C:\\意见.pdf", "意见.pdf"),
        ("意\0见.pdf", "意见.pdf"),
        ("意\u{202e}fdp.见.pdf", "意fdp.见.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("<script>.pdf", "script.pdf"),
        (".pdf.pdf", "pdf.pdf"),
    ] {
        let made = check(typed, pdf.clone()).unwrap();
        assert_eq!(made.name, want, "{typed:?}");
    }
    let long = check(&format!("{}.pdf", "长".repeat(300)), pdf.clone()).unwrap();
    assert!(long.name.chars().count() <= 120 && long.name.ends_with(".pdf"), "{}", long.name);
    assert_eq!(attachment::check::ACCEPTED, web::attachment::ACCEPTED);
}
