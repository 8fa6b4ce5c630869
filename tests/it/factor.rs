//! The second factor: setting it up, signing in with it, removing it, and what a setting makes of it.

pub mod app;
mod lockout;
mod required;
mod set_up;
mod sign_in;

use entity::enums::Role;
use entity::id::StaffId;
use jianyan::config::{SecondFactor, Security};

use crate::harness::{Answer, PASSWORD, Person, Site};
use app::Phone;

/// A site with the product's own settings for staff accounts, an owner and two administrators.
pub struct World {
    pub site: Site,
    pub zhang: StaffId,
}

pub async fn world(setting: SecondFactor) -> World {
    let site = Site::with(|config| {
        config.security = Security { second_factor: setting, ..Security::default() };
    })
    .await;
    let office = site.department("office", "办公室").await;
    let zhang = site.staff("zhang", office, &[Role::Owner]).await;
    site.staff("root", office, &[Role::Admin]).await;
    site.staff("boss", office, &[Role::Admin]).await;
    World { site, zhang }
}

pub const PAGE: &str = "/desk/account/second-factor";

/// Sets it up through the pages; gives the phone and the recovery codes.
pub async fn set_up(site: &Site, person: &Person) -> (Phone, Vec<String>) {
    person.post(PAGE, &[("password", PASSWORD)]).await.expect(303);
    let phone = Phone::reading(&person.get(PAGE).await.expect(200));
    let code = phone.code(site.app.now());
    let page = person.post(&format!("{PAGE}/confirm"), &[("code", &code)]).await.expect(200);
    (phone, recovery_codes(&page))
}

pub fn recovery_codes(page: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&page.text);
    let codes = scraper::Selector::parse(".recovery-codes code").unwrap();
    html.select(&codes).map(|e| e.text().collect()).collect()
}

/// A browser that gave the password and is asked for the code.
pub async fn halfway(site: &Site, login: &str) -> Person {
    let person = site.guest();
    let answer = person.post("/desk/sign-in", &[("login", login), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location(), "/desk/sign-in/code?next=/desk");
    person
}

pub async fn give(person: &Person, code: &str) -> Answer {
    person.post("/desk/sign-in/code", &[("code", code)]).await
}

pub async fn is_in(person: &Person) -> bool {
    person.get("/desk").await.status == 200
}
