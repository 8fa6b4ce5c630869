//! Attachments in backups, restores, checks, moves, exports and imports: the bytes lie outside of the database.

use std::path::PathBuf;

use entity::enums::SubjectKind;
use entity::id::AttachmentId;
use jianyan::actor::Actor;
use jianyan::attachment;
use jianyan::backup::{self, Fault, ImportOrder, Report};
use jianyan::db::Db;
use jianyan::time::Clock;
use sea_orm::EntityTrait as _;
use uuid::Uuid;

use super::{Empty, archive, import, key_of, kinds, site};
use crate::attachment::attach;
use crate::harness::Site;

/// Gives the first opinion a picture that is shown and one that waits.
async fn with_files(site: &Site) -> Vec<AttachmentId> {
    let opinions = entity::opinion::Entity::find().all(site.app.db.read()).await.unwrap();
    let first = opinions.iter().find(|o| o.number.ends_with("000001")).unwrap().id.0;
    let ids: Vec<AttachmentId> = vec![site.app.id(), site.app.id()];
    let write = site.app.write().await.unwrap();
    for (i, id) in ids.iter().enumerate() {
        attach(site, &write, (SubjectKind::Opinion, first), (*id, i == 0)).await;
    }
    write.commit().await.unwrap();
    ids
}

fn stored(site: &Site) -> Vec<PathBuf> {
    let day = site.dir.path().join("attachments/2026-03-02");
    std::fs::read_dir(day).unwrap().map(|f| f.unwrap().path()).collect()
}

async fn verify(site: &Site) -> Report {
    let mut report = Report::default();
    let (app, mut told) = (&site.app, Report::default());
    backup::verify_site(&app.db, &app.keys, &mut told).await.unwrap();
    assert_eq!(told.problems(), 0, "{told}");
    backup::verify_attachments(&app.db, &app.files, &app.keys, &mut report).await.unwrap();
    report
}

#[tokio::test]
async fn files_come_back_with_their_rows() {
    let (site, _) = site().await;
    let ids = with_files(&site).await;
    assert_eq!(verify(&site).await.problems(), 0);
    let place = archive(&site).await;
    let report = backup::verify_archive(&place).unwrap();
    assert_eq!(report.problems(), 0, "{report}");
    for kind in kinds() {
        let empty = Empty::of(kind).await;
        let report = empty.restore(&place, &key_of(&site)).await.unwrap();
        assert_eq!(report.problems(), 0, "{report}");
        let back = empty.open(site.app.now()).await;
        for id in &ids {
            let row = attachment::find(back.app.db.read(), *id).await.unwrap();
            let bytes = attachment::bytes(&back.app, &row).await.unwrap();
            assert_eq!(jianyan::keys::sha256_hex(&bytes), row.content_hash, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn what_is_lost_or_bent_is_told() {
    let (site, _) = site().await;
    with_files(&site).await;
    let files = stored(&site);
    let good = std::fs::read(&files[0]).unwrap();
    let mut bent = good.clone();
    bent[20] ^= 1;
    std::fs::write(&files[0], bent).unwrap();
    let report = verify(&site).await;
    assert_eq!(report.problems(), 1, "{report}");
    assert!(report.to_string().contains("is not in the store, or is not what was stored"), "{report}");

    // The rest is saved all the same, and comes back.
    let place = archive(&site).await;
    let told = backup::verify_archive(&place).unwrap();
    assert!(told.problems() == 0 && told.to_string().contains("1 were lost by the site"), "{told}");
    let empty = Empty::of(kinds()[0]).await;
    let report = empty.restore(&place, &key_of(&site)).await.unwrap();
    assert_eq!(report.problems(), 1, "{report}");
    assert!(report.to_string().contains("is not in the store"), "{report}");

    std::fs::write(&files[0], good).unwrap();
    assert_eq!(verify(&site).await.problems(), 0);
}

#[tokio::test]
async fn a_moved_site_keeps_its_files() {
    for kind in kinds() {
        let (site, _) = site().await;
        with_files(&site).await;
        let empty = Empty::of(kind).await;
        let target = Db::connect(&empty.config.database_url()).await.unwrap();
        let report = backup::transfer(&site.app.db, &target).await.unwrap();
        assert_eq!(report.problems(), 0, "{report}");
        let mut report = Report::default();
        backup::verify_attachments(&target, &site.app.files, &site.app.keys, &mut report).await.unwrap();
        assert!(report.problems() == 0 && report.to_string().contains("2, each in the store"), "{report}");
        target.close().await;
    }
}

#[tokio::test]
async fn what_is_shown_goes_with_an_export_and_nothing_else() {
    let case = import::source().await;
    let site = &case.site;
    let ids = with_files(site).await;
    let place = import::export(site, import::CODE, "e.zip").await;
    let row = attachment::find(site.app.db.read(), ids[0]).await.unwrap();
    let bytes = attachment::bytes(&site.app, &row).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&place).unwrap()).unwrap();
    let mut open = Vec::new();
    std::io::copy(&mut zip.by_name(&format!("files/{}", row.content_hash)).unwrap(), &mut open).unwrap();
    assert_eq!(open, bytes);
    let mut lines = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("tables/attachment.jsonl").unwrap(), &mut lines).unwrap();
    assert!(lines.contains(&ids[0].to_string()) && !lines.contains(&ids[1].to_string()), "{lines}");
    assert!(!lines.contains("stored_hash") && !lines.contains("key_enc"), "{lines}");

    // Another site shows it, under a key of its own; twice brings nothing more.
    for kind in kinds() {
        let other = import::other(kind).await;
        let dry = ImportOrder { dry_run: true, ..import::order(&place) };
        backup::import(&other.app, &Actor::system(), &dry).await.unwrap();
        assert!(other.app.files.is_empty().await.unwrap());
        import::import(&other, &place).await.unwrap();
        let path = format!("/consultations/{}/files/{}", import::CODE, ids[0]);
        assert_eq!(other.guest().get(&path).await.expect(200).bytes, bytes);
        other.guest().get(&format!("/consultations/{}", import::CODE)).await.expect(200).contains(&path);
        let there = attachment::find(other.app.db.read(), ids[0]).await.unwrap();
        assert_ne!(there.stored_hash, row.stored_hash);
        assert!(!import::import(&other, &place).await.unwrap().is_news());
        let report = verify_files(&other).await;
        assert!(report.is_good(), "{report}");
    }
}

async fn verify_files(site: &Site) -> Report {
    let mut report = Report::default();
    backup::verify_attachments(&site.app.db, &site.app.files, &site.app.keys, &mut report).await.unwrap();
    report
}

#[tokio::test]
async fn an_export_does_not_leave_out_a_lost_file_in_silence() {
    let (site, _) = site().await;
    let ids = with_files(&site).await;
    let write = site.app.write().await.unwrap();
    let opinion = entity::opinion::Entity::find().all(&*write).await.unwrap();
    let first: Uuid = opinion.iter().find(|o| o.number.ends_with("000001")).unwrap().id.0;
    assert_eq!(attachment::of(&*write, SubjectKind::Opinion, first).await.unwrap().len(), ids.len());
    drop(write);
    let moderator = site.sign_in("mod1").await;
    let publish = [("revision", "1"), ("action", "publish")];
    moderator.post("/desk/review/2026-001-1-000001", &publish).await.expect(303);
    for file in stored(&site) {
        std::fs::remove_file(file).unwrap();
    }
    let clock = Clock::fixed(site.app.now()).0;
    let place = site.dir.path().join("e.zip");
    let made = backup::export(&site.app.db, &site.app.config, &clock, "2026-001-1", &place, false).await;
    assert!(matches!(made, Err(Fault::Refused(why)) if why.contains("is lost")));
    assert!(!place.exists());
}
