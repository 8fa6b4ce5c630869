//! Archives that are not what was once written.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use jianyan::backup::{self, Fault, KeyChoice};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Empty, Kind, archive, key_of, site};
use jianyan::keys::sha256_hex;

pub fn manifest(archive: &Path) -> Value {
    let mut zip = ZipArchive::new(File::open(archive).unwrap()).unwrap();
    serde_json::from_reader(zip.by_name("manifest.json").unwrap()).unwrap()
}

/// The archive written anew, each entry as `change` gives it; None leaves it out.
pub fn rewrite(
    from: &Path,
    name: &str,
    mut change: impl FnMut(&str, Vec<u8>) -> Option<Vec<u8>>,
    more: &[(&str, &[u8])],
) -> PathBuf {
    let to = from.with_file_name(format!("{name}.zip"));
    let mut zip = ZipArchive::new(File::open(from).unwrap()).unwrap();
    let mut out = ZipWriter::new(File::create(&to).unwrap());
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).unwrap();
        let path = entry.name().to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&path, bytes) {
            out.start_file(path, SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
    }
    for (path, bytes) in more {
        out.start_file(*path, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap();
    to
}

/// The archive with another manifest.
pub fn with_manifest(whole: &Path, name: &str, edit: &dyn Fn(&mut Value)) -> PathBuf {
    let change = |path: &str, bytes: Vec<u8>| {
        if path != "manifest.json" {
            return Some(bytes);
        }
        let mut json: Value = serde_json::from_slice(&bytes).unwrap();
        edit(&mut json);
        Some(json.to_string().into_bytes())
    };
    rewrite(whole, name, change, &[])
}

fn is_refused(archive: &Path) -> bool {
    match backup::verify_archive(archive) {
        Ok(report) => !report.is_good(),
        Err(Fault::Damaged(_) | Fault::Refused(_)) => true,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_flipped_bit_is_found_wherever_it_matters() {
    let (site, _) = site().await;
    let whole = archive(&site).await;
    assert!(!is_refused(&whole));
    let bytes = std::fs::read(&whole).unwrap();
    let mut zip = ZipArchive::new(File::open(&whole).unwrap()).unwrap();
    // The middle of the data of every entry.
    let mut places = Vec::new();
    for i in 0..zip.len() {
        let entry = zip.by_index(i).unwrap();
        if entry.size() > 0 {
            places.push(entry.data_start().unwrap() + entry.compressed_size() / 2);
        }
    }
    assert!(places.len() > 10);
    let bent = whole.with_file_name("bent.zip");
    for place in places {
        let mut bytes = bytes.clone();
        bytes[place as usize] ^= 4;
        std::fs::write(&bent, bytes).unwrap();
        assert!(is_refused(&bent), "a flipped bit at {place} of {} was not found", whole.display());
    }
    // Anywhere else it is found too, or it is in what nobody reads (a time of day, say): never another content.
    for place in (0..bytes.len()).step_by(bytes.len() / 150) {
        let mut bytes = bytes.clone();
        bytes[place] ^= 0x10;
        std::fs::write(&bent, bytes).unwrap();
        if !is_refused(&bent) {
            assert_eq!(manifest(&bent), manifest(&whole), "at {place}");
        }
    }
    std::fs::write(&bent, &bytes[..bytes.len() / 2]).unwrap();
    assert!(is_refused(&bent), "half an archive");
    std::fs::write(&bent, &bytes[..bytes.len() - 1]).unwrap();
    assert!(is_refused(&bent), "all but the last byte");
    std::fs::write(&bent, b"").unwrap();
    assert!(is_refused(&bent), "nothing");
}

#[tokio::test]
async fn what_was_taken_out_added_or_changed_is_refused_and_nothing_restored() {
    let (site, _) = site().await;
    let whole = archive(&site).await;
    let keep = |_: &str, bytes: Vec<u8>| Some(bytes);
    let is_file = |path: &str| path.starts_with("files/");
    let same = rewrite(&whole, "same", keep, &[]);
    assert!(!is_refused(&same), "rewriting alone is no damage");
    let without =
        |what: &'static str| rewrite(&whole, "x", move |path, bytes| (path != what).then_some(bytes), &[]);
    let with_manifest = |name: &str, edit: &dyn Fn(&mut Value)| with_manifest(&whole, name, edit);
    let table = |json: &mut Value, name: &str| {
        let tables = json["tables"].as_array().unwrap();
        tables.iter().position(|t| t["name"] == name).unwrap()
    };
    let bent: Vec<(&str, PathBuf)> = vec![
        ("no manifest", without("manifest.json")),
        ("no opinions", rewrite(&whole, "a", |p, b| (p != "tables/opinion.jsonl").then_some(b), &[])),
        ("no attachment", rewrite(&whole, "b", |p, b| (!is_file(p)).then_some(b), &[])),
        (
            "another attachment",
            rewrite(&whole, "c", |p, b| Some(if is_file(p) { vec![0; 9] } else { b }), &[]),
        ),
        ("something more", rewrite(&whole, "d", keep, &[("tables/more.jsonl", b"{}\n")])),
        ("another format", with_manifest("e", &|json| json["format"] = json!("zip"))),
        ("a later format", with_manifest("f", &|json| json["format_version"] = json!(2))),
        (
            "a row fewer",
            with_manifest("g", &|json| {
                let i = table(json, "opinion");
                json["tables"][i]["rows"] = json!(2);
            }),
        ),
        ("an unknown member", with_manifest("h", &|json| json["more"] = json!(1))),
        ("another end of the chain", with_manifest("i", &|json| json["audit"]["head"] = json!("0"))),
    ];
    for (what, archive) in &bent {
        assert!(is_refused(archive), "{what}");
        let empty = Empty::of(Kind::Sqlite).await;
        assert!(empty.restore(archive, &key_of(&site)).await.is_err(), "{what}");
        assert!(!empty.config.has_database() && !empty.config.key_file().exists(), "{what}");
    }
}

/// Somebody who changes a row and all hashes with it still meets the audit chain and the schema.
#[tokio::test]
async fn a_forged_archive_does_not_pass_unseen() {
    let (site, _) = site().await;
    let whole = archive(&site).await;
    let forge = |name: &str, path: &'static str, from: &'static str, to: &'static str| {
        let mut new = String::new();
        rewrite(
            &whole,
            name,
            |entry, bytes| {
                if entry == path {
                    let text = String::from_utf8(bytes).unwrap();
                    assert!(text.contains(from), "{text}");
                    new = text.replace(from, to);
                    return Some(new.clone().into_bytes());
                }
                if entry != "manifest.json" {
                    return Some(bytes);
                }
                let mut json: Value = serde_json::from_slice(&bytes).unwrap();
                for table in json["tables"].as_array_mut().unwrap() {
                    if table["path"] == path {
                        table["sha256"] = json!(sha256_hex(new.as_bytes()));
                        table["bytes"] = json!(new.len());
                    }
                }
                Some(json.to_string().into_bytes())
            },
            &[],
        )
    };
    // The manifest comes last in an archive, so the new table is known by then.
    let opinion = forge("opinion", "tables/opinion.jsonl", "第0条意见", "第九条意见");
    assert!(!is_refused(&opinion), "its own sums are right");
    let empty = Empty::of(Kind::Sqlite).await;
    let report = empty.restore(&opinion, &key_of(&site)).await.unwrap();
    assert!(report.to_string().contains("BAD   opinions"), "{report}");

    let audit = forge("audit", "tables/audit.jsonl", "\"opinion.submit\"", "\"opinion.nothing\"");
    let empty = Empty::of(Kind::Sqlite).await;
    let report = empty.restore(&audit, &key_of(&site)).await.unwrap();
    assert!(report.to_string().contains("BAD   audit"), "{report}");

    // A reference that leads nowhere is stopped by the database itself, and the place stays empty.
    let dangling =
        forge("staff", "tables/receipt.jsonl", "\"subject_kind\":\"opinion\"", "\"subject_kind\":7");
    assert!(is_refused(&dangling));
    let empty = Empty::of(Kind::Sqlite).await;
    assert!(empty.restore(&dangling, &KeyChoice::Lost).await.is_err());
}
