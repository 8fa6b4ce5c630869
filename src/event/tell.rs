//! What visitors are told by mail, in the language they registered in. Who left a phone number is not mailed; the
//! page behind the lookup code says the same. The code is put in only when the mail leaves.

use chrono::{DateTime, Utc};
use entity::enums::{RegistrationState, SubjectKind};
use entity::event::Model as Event;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;

use super::lot::Protocol;
use super::register::number;
use super::words::{moment, when};
use crate::app::App;
use crate::db::Write;
use crate::notice::{self, LOOKUP_CODE, Message, Recipient};
use crate::problem::{Problem, Words, words};
use crate::text;

/// What there is to tell.
#[derive(Clone, Debug)]
pub(super) enum News {
    Confirmed,
    Waiting,
    /// Takes part in the draw, which is held then.
    Entered(DateTime<Utc>),
    /// The draw gave seats.
    Drawn,
    /// The draw gave this place among the alternates.
    Alternate(i32),
    /// Moved up from the waiting list.
    Promoted,
    /// A seat is kept until then.
    Offered(DateTime<Utc>),
    Expired,
    GivenUp,
    Reminder,
    /// Thanks for coming, with the questionnaire.
    Thanks,
    /// Place or time changed; with the revision of the event.
    Changed(i32),
    /// The event is off, and why.
    Cancelled(String),
}

impl News {
    /// Makes the notice once only.
    fn stage(&self, session: &Session) -> String {
        match self {
            Self::Confirmed => "confirmed".into(),
            Self::Waiting => "waiting".into(),
            Self::Entered(_) => "entered".into(),
            // One result a draw, whatever it is.
            Self::Drawn | Self::Alternate(_) => "drawn".into(),
            Self::Promoted => "promoted".into(),
            Self::Offered(_) => "offered".into(),
            Self::Expired => "expired".into(),
            Self::GivenUp => "given_up".into(),
            // Another time is another reminder.
            Self::Reminder => format!("reminder:{}", session.begins_at.timestamp()),
            Self::Thanks => "thanks".into(),
            Self::Changed(revision) => format!("changed:{revision}"),
            Self::Cancelled(_) => "event_cancelled".into(),
        }
    }

    fn title(&self) -> Words {
        match self {
            Self::Confirmed => words("报名成功", "You are registered"),
            Self::Waiting => words("已列入候补", "You are on the waiting list"),
            Self::Entered(_) => words("报名已登记，等待摇号", "You take part in the draw"),
            Self::Drawn => words("摇号结果：已中签", "The draw gave you seats"),
            Self::Alternate(_) => words("摇号结果：候补", "The draw made you an alternate"),
            Self::Promoted => words("候补转正：您已有名额", "You moved up: a seat is yours"),
            Self::Offered(_) => words("候补转正：请在期限内确认", "A seat became free: please take it up"),
            Self::Expired => words("未在期限内确认，名额已让出", "Your seat went on to the next in line"),
            Self::GivenUp => words("报名已取消", "Your registration is cancelled"),
            Self::Reminder => words("活动提醒", "Reminder"),
            Self::Thanks => words("谢谢您来参加", "Thank you for coming"),
            Self::Changed(_) => words("活动时间或地点有变化", "The time or place has changed"),
            Self::Cancelled(_) => words("活动取消通知", "The event is cancelled"),
        }
    }

    fn body(&self) -> Words {
        match self {
            Self::Confirmed => words(
                "您的报名已确认。入场时请出示下面页面上的二维码，或者报查询码。",
                "Your seats are confirmed. At the door, show the QR code on the page below or say your code.",
            ),
            Self::Waiting => words(
                "本场次名额已满，您已按先后顺序列入候补。有名额空出时会通知您。",
                "The session is full. You are on the waiting list in the order of arrival and will be told when \
                 seats become free.",
            ),
            Self::Entered(at) => {
                let at = moment(*at);
                words(
                    format!(
                        "您的报名已登记。名额由摇号决定，与报名先后无关；{} 报名截止后摇号，结果会通知您，并在活动页面公布，任何人都可以验证。",
                        at.zh
                    ),
                    format!(
                        "You are registered for the draw; it does not matter who came first. It is held once \
                         registration has closed, {}. You will be told, and anybody can check the result on the \
                         page of the event.",
                        at.en
                    ),
                )
            }
            Self::Drawn => words(
                "您已中签，名额已确认。入场时请出示下面页面上的二维码，或者报查询码。不能参加的，请尽早取消，让给候补者。",
                "The draw gave you seats; they are confirmed. At the door, show the QR code on the page below or say \
                 your code. If you cannot come, please cancel for the alternates.",
            ),
            Self::Alternate(place) => words(
                format!("您这次没有中签，为第 {place} 位候补。有名额空出时按这个次序递补，会通知您。"),
                format!(
                    "The draw gave you no seats this time; you are alternate no. {place}. When seats become free \
                     they go in this order, and you will be told."
                ),
            ),
            Self::Promoted => words(
                "有名额空出，您的报名已确认。如不能参加，请尽早在下面页面取消，让给后面的人。",
                "Seats became free and are yours. If you cannot come, please cancel on the page below for those \
                 behind you.",
            ),
            Self::Offered(until) => {
                let until = moment(*until);
                words(
                    format!(
                        "有名额空出，为您保留至 {}。请在此之前打开下面的页面确认，逾期将让给后面的人。",
                        until.zh
                    ),
                    format!(
                        "Seats became free and are kept for you until {}. Please take them up on the page below; \
                         afterwards they go to the next in line.",
                        until.en
                    ),
                )
            }
            Self::Expired => words(
                "您没有在期限内确认，名额已让给后面的人。报名仍开放的，可以重新报名。",
                "You did not take up the seats in time and they went on. While registration is open you may \
                 register again.",
            ),
            Self::GivenUp => words(
                "您已取消报名，谢谢您把名额让给别人。",
                "You cancelled; thank you for passing your seats on.",
            ),
            Self::Reminder => words(
                "您报名的活动即将举行。入场时请出示下面页面上的二维码，或者报查询码。不能参加的，请取消。",
                "The event you registered for is near. At the door, show the QR code on the page below or say \
                 your code. If you cannot come, please cancel.",
            ),
            Self::Thanks => words(
                "谢谢您来参加。请打开下面的页面，用一分钟告诉我们怎么样，下次好改进。",
                "Thank you for coming. Please take a minute on the page below to tell us how it was.",
            ),
            Self::Changed(_) => words(
                "您报名的场次有变化，请核对以下的时间和地点。不能参加的，请取消。",
                "Your session has changed; please check its time and place. If you cannot come, please cancel.",
            ),
            Self::Cancelled(reason) => words(
                format!("您报名的活动已取消，您不必再做什么。原因：{reason}"),
                format!(
                    "The event you registered for is cancelled; you need not do anything. Reason: {reason}"
                ),
            ),
        }
    }
}

/// What the draw gave somebody; nothing for who moved up or left since, and was told of that.
pub(super) fn of_draw(protocol: &Protocol, registration: &Registration) -> Option<News> {
    let drawn = protocol.result.iter().find(|d| d.number == registration.number)?;
    match (drawn.seated, registration.state) {
        (true, RegistrationState::Confirmed) => Some(News::Drawn),
        (false, RegistrationState::Waiting) => {
            let before = protocol.result.iter().filter(|d| !d.seated && d.place <= drawn.place).count();
            Some(News::Alternate(i32::try_from(before).unwrap_or(i32::MAX)))
        }
        _ => None,
    }
}

/// Writes the notice and its mail, once for each person and stage.
pub(super) async fn tell(
    app: &App,
    write: &Write,
    event: &Event,
    session: &Session,
    registration: &Registration,
    news: News,
) -> Result<(), Problem> {
    let contact = registration.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let Some(address) = contact.filter(|c| text::is_email(c)) else { return Ok(()) };
    let english = registration.lang == "en";
    let say = |w: &Words| if english { w.en.to_string() } else { w.zh.to_string() };
    let number = number(&event.code, session.number, registration.number);
    let when = say(&when(session));
    let (seats, place) = (registration.seats, &session.place);
    let facts = if english {
        format!(
            "Event: {}\nTime: {when}\nPlace: {place}\nPeople: {seats}\nNumber: {number}\nLookup code: {LOOKUP_CODE}",
            event.title
        )
    } else {
        format!(
            "活动：{}\n时间：{when}\n地点：{place}\n人数：{seats} 人\n报名编号：{number}\n查询码：{LOOKUP_CODE}",
            event.title
        )
    };
    let (hello, see) = if english { ("Hello,", "See:") } else { ("您好！", "查看：") };
    let message = Message {
        subject_kind: SubjectKind::EventRegistration,
        subject_id: registration.id.0,
        stage: &news.stage(session),
        title: format!("{}{}{}", say(&news.title()), if english { ": " } else { "：" }, event.title),
        body: format!("{hello}\n\n{}\n\n{facts}\n\n{see}", say(&news.body())),
        path: match news {
            News::Thanks => format!("{}/{LOOKUP_CODE}/feedback", web::path::REGISTRATIONS),
            _ => format!("{}/{LOOKUP_CODE}", web::path::REGISTRATIONS),
        },
    };
    notice::send(app, write, &Recipient::Contact(address), &message).await?;
    Ok(())
}
