//! What the API of my data takes and gives; the file for people is the same.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{DataRequestKind, DataRight, MessageState, OpinionState, RegistrationState, ShowAs};
use poem_openapi::Object;
use poem_openapi::types::Any;
use serde_json::Value;

use super::inquiry::Opened;
use super::{All, Done, Person};
use crate::app::App;
use crate::{event, message, opinion};

/// An opinion that was sent with this contact.
#[derive(Object)]
pub struct OwnOpinion {
    number: String,
    consultation: String,
    title: String,
    received_at: DateTime<Utc>,
    state: OpinionState,
    show_as: ShowAs,
    name: String,
    /// As received.
    text: String,
    /// The words that count now.
    current_text: String,
    /// What the public reads.
    #[oai(skip_serializing_if_is_none)]
    public_text: Option<String>,
    /// Version of the consent text that was agreed to; its words are at `/notice/consent/…`.
    #[oai(skip_serializing_if_is_none)]
    consent_version: Option<i32>,
}

/// A message that was written with this contact.
#[derive(Object)]
pub struct OwnMessage {
    number: String,
    received_at: DateTime<Utc>,
    state: MessageState,
    name: String,
    title: String,
    text: String,
    /// Version of the consent text that was agreed to; its words are at `/notice/consent/…`.
    #[oai(skip_serializing_if_is_none)]
    consent_version: Option<i32>,
}

/// A registration that stands.
#[derive(Object)]
pub struct OwnRegistration {
    number: String,
    event: String,
    title: String,
    state: RegistrationState,
    seats: i32,
    name: String,
    registered_at: DateTime<Utc>,
    /// Version of the consent text that was agreed to; its words are at `/notice/consent/…`.
    #[oai(skip_serializing_if_is_none)]
    consent_version: Option<i32>,
}

/// A request about the data that a person of the bureau answers.
#[derive(Object)]
pub struct DataInquiryOut {
    number: String,
    kind: DataRight,
    received_at: DateTime<Utc>,
    /// Last day for the answer, while it waits.
    #[oai(skip_serializing_if_is_none)]
    due_on: Option<NaiveDate>,
    text: String,
    #[oai(skip_serializing_if_is_none)]
    answered_at: Option<DateTime<Utc>>,
    /// Whether it was done as asked.
    #[oai(skip_serializing_if_is_none)]
    granted: Option<bool>,
    #[oai(skip_serializing_if_is_none)]
    answer: Option<String>,
}

impl From<&Opened> for DataInquiryOut {
    fn from(o: &Opened) -> Self {
        Self {
            number: o.inquiry.number.clone(),
            kind: o.inquiry.kind,
            received_at: o.inquiry.received_at,
            due_on: o.due_on,
            text: o.text.clone(),
            answered_at: o.inquiry.answered_at,
            granted: o.inquiry.granted,
            answer: o.answer.clone(),
        }
    }
}

/// What is asked about the data.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct DataInquiryIn {
    pub kind: DataRight,
    /// At most 2000 characters.
    pub text: String,
}

/// A request that was received.
#[derive(Object)]
pub struct DataInquiryReceipt {
    pub number: String,
    /// Lookup code (查询码) of its page.
    pub lookup_code: String,
}

/// Everything that is found by a contact.
#[derive(Object)]
pub struct OwnData {
    contact: String,
    as_of: DateTime<Utc>,
    opinions: Vec<OwnOpinion>,
    messages: Vec<OwnMessage>,
    registrations: Vec<OwnRegistration>,
    inquiries: Vec<DataInquiryOut>,
}

impl OwnData {
    pub fn new(app: &App, person: &Person, all: &All) -> Self {
        let open = |sealed: &Option<Vec<u8>>| {
            sealed.as_deref().and_then(|s| app.keys.decrypt(s)).unwrap_or_default()
        };
        let opinion = |own: &opinion::own::Own| OwnOpinion {
            number: own.opinion.number.clone(),
            consultation: own.consultation.code.clone(),
            title: own.consultation.title.clone(),
            received_at: own.opinion.received_at,
            state: own.opinion.state,
            show_as: own.opinion.show_as,
            name: open(&own.opinion.name_enc),
            text: own.opinion.text.clone(),
            current_text: own.text.clone(),
            public_text: own.opinion.public_text.clone(),
            consent_version: all.consents.get(&own.opinion.id.0).copied(),
        };
        let message = |own: &message::own::Own| OwnMessage {
            number: own.message.number.clone(),
            received_at: own.message.received_at,
            state: own.message.state,
            name: open(&own.message.name_enc),
            title: own.title.clone(),
            text: own.text.clone(),
            consent_version: all.consents.get(&own.message.id.0).copied(),
        };
        let registration = |own: &event::own::Own| OwnRegistration {
            number: own.number(),
            event: own.event.code.clone(),
            title: own.event.title.clone(),
            state: own.registration.state,
            seats: own.registration.seats,
            name: open(&own.registration.name_enc),
            registered_at: own.registration.registered_at,
            consent_version: all.consents.get(&own.registration.id.0).copied(),
        };
        Self {
            contact: person.contact.clone(),
            as_of: app.now(),
            opinions: all.opinions.iter().map(opinion).collect(),
            messages: all.messages.iter().map(message).collect(),
            registrations: all.registrations.iter().map(registration).collect(),
            inquiries: all.inquiries.iter().map(DataInquiryOut::from).collect(),
        }
    }
}

/// The code that came, and what it is for.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ContactProofIn {
    pub contact: String,
    pub contact_ticket: String,
    pub contact_code: String,
}

/// A session of half an hour.
#[derive(Object)]
pub struct PersonSession {
    /// Bearer token.
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What to erase.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ErasureIn {
    /// Published opinions too, where their answer is not published yet.
    #[oai(default)]
    pub take_back_published: bool,
}

/// A request about personal data that was carried out.
#[derive(Object)]
pub struct DataRequestOut {
    number: String,
    /// Lookup code (查询码) of this receipt.
    lookup_code: String,
    kind: DataRequestKind,
    done_on: NaiveDate,
    /// How many things were given, changed, erased or kept.
    outcome: Any<Value>,
}

impl From<Done> for DataRequestOut {
    fn from(done: Done) -> Self {
        Self {
            number: done.request.number,
            lookup_code: done.code.grouped(),
            kind: done.request.kind,
            done_on: crate::calendar::civil::local_date(done.request.done_at),
            outcome: Any(done.request.outcome),
        }
    }
}
