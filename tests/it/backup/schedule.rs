//! The backup of every night.

use chrono::NaiveDate;
use entity::enums::{BackupOrigin, BackupState, Role};
use jianyan::app::App;
use jianyan::backup;
use jianyan::job;
use jianyan::keys::sha256_hex;
use jianyan::random::Rng;
use jianyan::time::Clock;
use sea_orm::{EntityTrait as _, QueryOrder as _};

use crate::harness::{Site, at, day};

/// A site that keeps backups in `backups` of its data directory, and an administrator.
async fn site() -> Site {
    let site = Site::with(|config| {
        config.backup.dir = Some(config.data_dir.join("backups"));
    })
    .await;
    let office = site.department("office", "办公室").await;
    site.staff("root", office, &[Role::Admin]).await;
    site.staff("owner", office, &[Role::Owner]).await;
    site
}

fn there(site: &Site) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(site.dir.path().join("backups")) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn rows(site: &Site) -> Vec<entity::backup::Model> {
    let query = entity::backup::Entity::find().order_by_asc(entity::backup::Column::StartedAt);
    query.all(site.app.db.read()).await.unwrap()
}

async fn notices(site: &Site, login: &str) -> String {
    site.sign_in(login).await.get("/desk/inbox").await.expect(200).text
}

#[tokio::test]
async fn one_a_day_at_its_hour() {
    let site = site().await;
    // It is ten o'clock: the hour of today has passed while there was no site, and is made up for.
    site.work().await;
    assert_eq!(there(&site), ["jianyan-20260302T100000.zip"]);
    site.at("2026-03-02", 23, 59).await;
    site.at("2026-03-03", 2, 59).await;
    assert_eq!(there(&site).len(), 1);
    site.at("2026-03-03", 3, 0).await;
    assert_eq!(there(&site), ["jianyan-20260302T100000.zip", "jianyan-20260303T030000.zip"]);
    let last = backup::last(&site.app).await.unwrap().unwrap();
    let file = site.dir.path().join("backups/jianyan-20260303T030000.zip");
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!((last.state, last.origin), (BackupState::Done, BackupOrigin::Scheduled));
    assert_eq!(last.path, file.display().to_string());
    assert_eq!(last.bytes, Some(bytes.len() as i64));
    assert_eq!(last.sha256, Some(sha256_hex(&bytes)));
    assert!(backup::verify_archive(&file).unwrap().is_good());
}

#[tokio::test]
async fn administrators_see_the_last_one() {
    let site = site().await;
    let root = site.sign_in("root").await;
    let page = root.get("/desk/admin/system").await.expect(200);
    page.contains("没有近两天的备份").contains("还没有");
    site.work().await;
    let page = root.get("/desk/admin/system").await.expect(200);
    page.lacks("没有近两天的备份").contains("jianyan-20260302T100000.zip");
    let state = site.api("root").await.get("/api/v1/system").await.expect(200).json();
    let bytes = std::fs::read(site.dir.path().join("backups/jianyan-20260302T100000.zip")).unwrap();
    assert_eq!(state["last_backup"]["sha256"], sha256_hex(&bytes));
    // Whoever looks again after two nights without one is told.
    site.clock.set(at("2026-03-04", 13, 0));
    let root = site.sign_in("root").await;
    root.get("/desk/admin/system").await.expect(200).contains("没有近两天的备份");
}

#[tokio::test]
async fn two_instances_make_one() {
    let site = site().await;
    // Another process on the same database and folder.
    let (clock, _) = Clock::fixed(at("2026-03-02", 10, 0));
    let other = App::open(site.app.config.clone(), clock, Rng::seeded(8)).await.unwrap();
    let both = futures_util::future::join(job::run_due(&site.app), job::run_due(&other)).await;
    both.0.unwrap();
    both.1.unwrap();
    let rows = rows(&site).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(there(&site).len(), 1);
    other.db.close().await;
}

#[tokio::test]
async fn without_a_folder_there_is_no_schedule() {
    let site = Site::new().await;
    site.work().await;
    assert!(backup::last(&site.app).await.unwrap().is_none());
}

#[tokio::test]
async fn old_ones_go_and_others_stay() {
    let site = site().await;
    let dir = site.dir.path().join("backups");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("mine.zip"), "mine").unwrap();
    // What a process that died left behind.
    std::fs::write(dir.join(".scheduled-x.part"), "half").unwrap();
    let nights: Vec<NaiveDate> = day("2026-03-03").iter_days().take(45).collect();
    for night in &nights {
        site.at(&night.to_string(), 3, 0).await;
    }
    let names = there(&site);
    assert!(names.contains(&"mine.zip".to_owned()));
    assert!(!names.iter().any(|n| n.ends_with(".part")));
    let kept: Vec<i64> = names
        .iter()
        .filter_map(|n| n.strip_prefix("jianyan-"))
        .map(|n| (nights[44] - NaiveDate::parse_from_str(&n[..8], "%Y%m%d").unwrap()).num_days())
        .collect();
    assert_eq!(&kept[kept.len() - 7..], [6, 5, 4, 3, 2, 1, 0]);
    assert!(kept.len() <= 11 && kept.iter().all(|age| *age <= 35), "{kept:?}");
}

#[tokio::test]
async fn a_failure_is_told_to_administrators_once_and_tried_again() {
    let site = site().await;
    // A file where the folder should be.
    let place = site.dir.path().join("backups");
    std::fs::write(&place, "in the way").unwrap();
    site.work().await;
    let last = backup::last(&site.app).await.unwrap().unwrap();
    assert_eq!(last.state, BackupState::Failed);
    assert!(last.error.unwrap().contains("backups"));
    assert!(backup::last_done(&site.app).await.unwrap().is_none());
    assert!(notices(&site, "root").await.contains("数据备份失败（2026-03-02）"));
    assert!(!notices(&site, "owner").await.contains("数据备份失败"));
    site.at("2026-03-02", 10, 1).await;
    assert!(rows(&site).await.len() >= 2, "tried again");
    assert_eq!(notices(&site, "root").await.matches("数据备份失败（2026-03-02）").count(), 1);

    std::fs::remove_file(&place).unwrap();
    site.at("2026-03-02", 12, 0).await;
    assert_eq!(backup::last(&site.app).await.unwrap().unwrap().state, BackupState::Done);
    assert_eq!(there(&site), ["jianyan-20260302T120000.zip"]);
}

#[tokio::test]
async fn two_days_without_one_are_told() {
    let site = site().await;
    site.work().await;
    let place = site.dir.path().join("backups");
    std::fs::rename(&place, site.dir.path().join("aside")).unwrap();
    std::fs::write(&place, "in the way").unwrap();
    site.at("2026-03-04", 3, 0).await;
    assert!(!notices(&site, "root").await.contains("已超过两天没有成功的备份"));
    site.at("2026-03-05", 3, 0).await;
    let told = notices(&site, "root").await;
    assert!(
        told.contains("已超过两天没有成功的备份") && told.contains("数据备份失败（2026-03-05）"),
        "{told}"
    );
}
