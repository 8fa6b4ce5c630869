//! Registering for a session, without an account: first come, first served, a party all or nothing; who comes
//! too late waits in line.

use entity::enums::{EventKind, RegistrationState, SeatGroup, SeatMethod, SubjectKind};
use entity::event_registration::Model;
use entity::event_session::Model as Session;
use entity::id::EventRegistrationId;
use serde_json::json;
use validator::Validate;

use super::seats::Hall;
use super::store::{self, registration as rows};
use super::tell::{self, News};
use super::words;
use super::{Window, window};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::challenge::{self, Gate};
use crate::db::{Inserts, Write};
use crate::identity;
use crate::keys::Purpose;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::text;

/// A registration as a form or a program sends it.
#[derive(Clone, Debug, Default, Validate)]
pub struct Register {
    /// Code of the event.
    pub event: String,
    /// Number of its session.
    pub session: i32,
    #[validate(length(min = 1, max = 60), custom(function = text::one_line))]
    pub name: String,
    /// E-mail or phone.
    #[validate(length(min = 1, max = 254), custom(function = text::contact))]
    pub contact: String,
    /// People, whoever registers included.
    pub seats: i32,
    /// For whom they come; must be there where the session asks for it.
    pub group: Option<SeatGroup>,
    /// The name may stand in the published list of participants of a hearing.
    pub name_public: bool,
    /// For somebody under fourteen: the guardian, whose contact it is, who agrees and comes along (个保法 Art. 31).
    pub guardian: Option<String>,
    /// 已阅读报名须知
    pub consent: bool,
    /// A second request with the same key is the same request.
    pub idempotency_key: Option<String>,
    /// Language of the person's pages and mails: "zh" or "en".
    pub lang: &'static str,
}

/// What the visitor gets.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub id: EventRegistrationId,
    /// `E2026-003-1-0007`
    pub number: String,
    /// 查询码
    pub code: LookupCode,
    pub state: RegistrationState,
    pub seats: i32,
    /// The same request had been received before.
    pub repeated: bool,
}

/// `E2026-003-1-0007`: event, session, place in the order of arrival.
pub fn number(event: &str, session: i32, registration: i32) -> String {
    format!("{event}-{session}-{registration:04}")
}

/// Takes a registration: seats if they are there, or a place in the waiting list.
///
/// # Errors
/// `invalid`; `not_found` for an event that is not public; `conflict` when registration is not open or this
/// person has registered; `key_reused`; `too_many_requests`; the database's own.
pub async fn register(app: &App, actor: &Actor, input: &Register) -> Result<Receipt, Problem> {
    let input = tidy(input);
    check(&input)?;
    rate::check(app, Act::Registration, &actor.address).await?;
    let pass = challenge::check(app, actor, Gate::Registration)?;
    let db = app.db.read();
    let event = store::by_code(db, &input.event).await?;
    if event.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let session = store::session(db, event.id, input.session).await?;
    let person = person(app, &session, &input.contact);
    let form = input.idempotency_key.as_deref().map(|key| app.keys.mac_hex(Purpose::Form, key));
    let write = app.write().await?;
    write.unseen();
    let mut hall = Hall::lock(&write, session.id).await?;
    if let Some(before) = repeated(app, &write, &hall, &input, form.as_deref(), &person).await? {
        write.commit().await?;
        return Ok(before);
    }
    is_open(app, &hall)?;
    pass.spend(app, actor, &write).await?;
    if input.seats > hall.session.party_max {
        let most = hall.session.party_max;
        return Err(Problem::invalid(
            "seats",
            format!("每次报名最多 {most} 人"),
            format!("At most {most} people in one registration"),
        ));
    }
    check_group(&hall, &input)?;
    let by_lot = hall.session.method == SeatMethod::Draw;
    let fits = !by_lot && input.seats <= hall.free_for(input.group);
    if fits {
        hall.shares.give(&write, input.group, input.seats).await?;
    }
    let number = hall.issue(&write, if fits { input.seats } else { 0 }).await?;
    let row = row(app, &hall, &input, number, fits, person, form);
    let mut inserts = Inserts::default();
    inserts.add(row.clone());
    let kind = SubjectKind::EventRegistration;
    inserts.add(match &input.guardian {
        Some(name) => identity::consent::agreed_by_guardian(app, &write, kind, row.id.0, name).await?,
        None => identity::consent::agreed(app, &write, kind, row.id.0).await?,
    });
    let code = receipt::issue(app, &mut inserts, SubjectKind::EventRegistration, row.id.0);
    inserts.run(&write).await?;
    let news = match (by_lot, fits) {
        (true, _) => News::Entered(hall.session.registration_closes_at),
        (false, true) => News::Confirmed,
        (false, false) => News::Waiting,
    };
    tell::tell(app, &write, &hall.event, &hall.session, &row, news).await?;
    let detail = json!({ "event": hall.event.code, "session": hall.session.number, "number": number,
        "seats": row.seats, "state": row.state });
    let subject = audit::subject(SubjectKind::EventRegistration, row.id);
    audit::record(app, &write, actor, "event.register", subject, detail).await?;
    write.commit().await?;
    Ok(receipt_of(&hall, &row, code, false))
}

fn tidy(input: &Register) -> Register {
    Register {
        name: text::tidy(&input.name),
        contact: text::tidy(&input.contact),
        guardian: input.guardian.as_deref().map(text::tidy),
        ..input.clone()
    }
}

fn check(input: &Register) -> Result<(), Problem> {
    let mut problem = input.validate().err().map(Problem::from);
    let mut wrong = |field: &'static str, zh: &'static str, en: &'static str| {
        let so_far = problem.take().unwrap_or_else(|| Problem::new(Code::Invalid));
        problem = Some(so_far.field(field, zh, en));
    };
    if input.seats < 1 {
        wrong("seats", "请填写人数", "Please say how many people");
    }
    if let Some(name) = &input.guardian {
        if name.is_empty() || name.chars().count() > 60 || text::one_line(name).is_err() {
            wrong(
                "guardian",
                "请填写监护人姓名（最多 60 字）",
                "Please give the guardian's name (60 characters at most)",
            );
        }
        if input.seats == 1 {
            wrong(
                "seats",
                "未满十四周岁的，请与监护人一起报名",
                "Somebody under fourteen comes with the guardian: two people at least",
            );
        }
    }
    if !input.consent {
        wrong("consent", "请先阅读并同意报名须知", "Please read and accept the rules");
    }
    if let Some(key) = &input.idempotency_key
        && !((16..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()))
    {
        wrong(
            "Idempotency-Key",
            "提交编号应为 16 至 200 个可见 ASCII 字符，例如 UUID",
            "The key must be 16 to 200 visible ASCII characters, such as a UUID",
        );
    }
    problem.map_or(Ok(()), Err)
}

/// Whether who registers says for whom they come: where seats are divided among groups, and where the law or the
/// plan wants the groups told (hearings, opened meetings).
pub fn asks_group(kind: EventKind, session: &Session) -> bool {
    session.by_group || matches!(kind, EventKind::Hearing | EventKind::Meeting)
}

/// The group is named where it is asked, and has as many seats as the party needs.
fn check_group(hall: &Hall, input: &Register) -> Result<(), Problem> {
    if input.group.is_none() && asks_group(hall.event.kind, &hall.session) {
        return Err(Problem::invalid("group", "请选择组别", "Please choose a group"));
    }
    match hall.shares.most(input.group) {
        most if input.seats <= most => Ok(()),
        0 => Err(Problem::invalid(
            "group",
            "本场次没有面向该组别的名额",
            "This session has no seats for this group",
        )),
        most => Err(Problem::invalid(
            "seats",
            format!("该组别共 {most} 个名额"),
            format!("There are {most} seats for this group"),
        )),
    }
}

/// The same person is found in one session, and in no other: the hash covers both.
pub(super) fn person(app: &App, session: &Session, contact: &str) -> String {
    let who = format!("{} {}", session.id, text::contact_key(contact));
    app.keys.mac_hex(Purpose::Seat, &who)
}

/// The receipt that the same form got before; or refuses a second registration of the same person.
async fn repeated(
    app: &App,
    write: &Write,
    hall: &Hall,
    input: &Register,
    form: Option<&str>,
    person: &str,
) -> Result<Option<Receipt>, Problem> {
    let known = rows::same(write, hall.session.id, form, Some(person)).await?;
    if let Some(first) = known.iter().find(|r| form.is_some() && r.form_hash.as_deref() == form) {
        let contact = first.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
        if contact.as_deref() != Some(input.contact.as_str()) {
            return Err(Problem::new(Code::KeyReused));
        }
        let code = LookupCode::of(&app.keys, SubjectKind::EventRegistration, first.id.0);
        return Ok(Some(receipt_of(hall, first, code, true)));
    }
    if known.is_empty() {
        return Ok(None);
    }
    Err(Problem::new(Code::Conflict).field(
        "contact",
        "这个联系方式已经报名本场次；如需更改人数或取消，请凭查询码办理",
        "This contact has registered for this session; use the lookup code to change or cancel",
    ))
}

/// Registration is open now, or the reason why not.
fn is_open(app: &App, hall: &Hall) -> Result<(), Problem> {
    if hall.event.cancelled_at.is_some() {
        return Err(Problem::conflict("活动已取消", "The event is cancelled"));
    }
    let opens = words::moment(hall.session.registration_opens_at);
    match window(&hall.session, app.now()) {
        Window::Open => Ok(()),
        Window::NotYet => Err(Problem::conflict(
            format!("报名将于 {} 开始", opens.zh),
            format!("Registration opens at {}", opens.en),
        )),
        Window::Closed => {
            Err(Problem::conflict("本场次报名已经截止", "Registration for this session is closed"))
        }
    }
}

fn row(
    app: &App,
    hall: &Hall,
    input: &Register,
    number: i32,
    fits: bool,
    person: String,
    form: Option<String>,
) -> Model {
    Model {
        id: app.id(),
        session_id: hall.session.id,
        number,
        seats: input.seats,
        state: if fits { RegistrationState::Confirmed } else { RegistrationState::Waiting },
        walk_in: false,
        name_enc: Some(app.keys.encrypt(&input.name, &app.rng)),
        contact_enc: Some(app.keys.encrypt(&input.contact, &app.rng)),
        person_hash: Some(person),
        form_hash: form,
        lang: if input.lang == "en" { "en".into() } else { "zh".into() },
        registered_at: app.now(),
        offered_until: None,
        ended_at: None,
        came_at: None,
        came: 0,
        let_in_by: None,
        seat_group: input.group,
        drawn: None,
        name_public: input.name_public,
        confirmed_record_at: None,
        signature_noted_by: None,
    }
}

fn receipt_of(hall: &Hall, row: &Model, code: LookupCode, repeated: bool) -> Receipt {
    Receipt {
        id: row.id,
        number: number(&hall.event.code, hall.session.number, row.number),
        code,
        state: row.state,
        seats: row.seats,
        repeated,
    }
}
