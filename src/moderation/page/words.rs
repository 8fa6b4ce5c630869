//! From the domain to what the moderator's views show; and the filter of the queue as a part of addresses.

use entity::enums::{Channel, OpinionState, ReasonCode, ReviewAction};
use entity::id::ClauseId;
use entity::{duty, reason_template};
use serde::Deserialize;
use web::desk::review::{Due, Piece, Reasons, Template, Undo};
use web::form::Choice;
use web::label::DutyState;
use web::lang::Lang;

use crate::actor::Actor;
use crate::app::App;
use crate::duty::Standing;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::moderation::advice::{Finding, Kind, kind_words};
use crate::moderation::claim::{self, Whose};
use crate::moderation::store::{Filter, Lane, Place};
use crate::moderation::undo::undoable;
use crate::moderation::{reason, review, template};
use crate::opinion::words::reason_words;
use crate::problem::Problem;

/// The filter as it stands in an address. What is none of ours filters nothing.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub consultation: String,
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub clause: String,
    #[serde(default)]
    pub channel: String,
    /// `mine`, `all`; those that nobody else holds without it.
    #[serde(default)]
    pub whose: String,
    /// `floods`, `all`, or the id of a flood; what came in none without it.
    #[serde(default)]
    pub lane: String,
    #[serde(default)]
    pub after: String,
}

impl Asked {
    /// Reads what [`Asked::query`] wrote, from a hidden field.
    pub fn parse(query: &str) -> Self {
        let value = |name: &str| {
            let pair = query.split('&').find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name));
            pair.map(|(_, v)| v.to_owned()).unwrap_or_default()
        };
        Self {
            consultation: value("consultation"),
            state: value("state"),
            clause: value("clause"),
            channel: value("channel"),
            whose: value("whose"),
            lane: value("lane"),
            after: String::new(),
        }
    }

    /// The filter as a query, the place in the list left out; empty without one.
    pub fn query(&self) -> String {
        let consultation = crate::opinion::code(&self.consultation).unwrap_or_default();
        let pairs = [
            ("consultation", consultation.to_owned()),
            ("state", self.state().map(|s| s.to_string()).unwrap_or_default()),
            ("clause", self.clause().map(|c| c.to_string()).unwrap_or_default()),
            ("channel", self.channel().map(|c| c.to_string()).unwrap_or_default()),
            ("whose", self.whose_word().to_owned()),
            ("lane", self.lane_word()),
        ];
        let pairs = pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={v}"));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// `path`, or `path?query`.
    pub fn on(&self, path: &str) -> String {
        let query = self.query();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    pub fn state(&self) -> Option<OpinionState> {
        OpinionState::parse(&self.state)
    }

    pub fn clause(&self) -> Option<ClauseId> {
        self.clause.parse().ok()
    }

    pub fn channel(&self) -> Option<Channel> {
        Channel::parse(&self.channel)
    }

    pub fn whose(&self) -> Whose {
        match self.whose.as_str() {
            "mine" => Whose::Mine,
            "all" => Whose::All,
            _ => Whose::Free,
        }
    }

    /// As it stands in an address; empty for what is usual.
    pub fn whose_word(&self) -> &'static str {
        match self.whose() {
            Whose::Mine => "mine",
            Whose::All => "all",
            Whose::Free => "",
        }
    }

    pub fn lane(&self) -> Lane {
        match self.lane.as_str() {
            "floods" => Lane::Floods,
            "all" => Lane::All,
            id => id.parse().map_or(Lane::Usual, Lane::Flood),
        }
    }

    /// As it stands in an address; empty for what is usual.
    pub fn lane_word(&self) -> String {
        match self.lane() {
            Lane::Usual => String::new(),
            Lane::Floods => "floods".to_owned(),
            Lane::All => "all".to_owned(),
            Lane::Flood(id) => id.to_string(),
        }
    }

    pub fn place(&self) -> Option<Place> {
        Place::parse(&self.after)
    }

    /// # Errors
    /// `unauthenticated`; `not_found` for a consultation that is not there; the database's own.
    pub async fn filter(&self, app: &App, actor: &Actor) -> Result<Filter, Problem> {
        let claims = Some(claim::view(app, actor.require_staff()?, self.whose()));
        let consultation = if self.consultation.is_empty() {
            None
        } else {
            let code = crate::opinion::code(&self.consultation)?;
            Some(crate::consultation::by_code(app.db.read(), code).await?.id)
        };
        Ok(Filter {
            consultation,
            state: self.state(),
            clause: self.clause(),
            channel: self.channel(),
            claims,
            lane: self.lane(),
        })
    }
}

/// The text in pieces, with what was noticed marked; cut after so many characters.
pub fn pieces(lang: Lang, text: &str, findings: &[Finding], longest: usize) -> Vec<Piece> {
    let cut = text.char_indices().nth(longest).map_or(text.len(), |(at, _)| at);
    let mut pieces = Vec::new();
    let mut done = 0;
    let plain = |from: usize, to: usize| Piece { text: text[from..to].to_owned(), noticed: None };
    for f in findings.iter().take_while(|f| f.end <= cut) {
        if f.start > done {
            pieces.push(plain(done, f.start));
        }
        let words = kind_words(f.kind);
        let noticed = Some(lang.t(&words.zh, &words.en).to_owned());
        pieces.push(Piece { text: text[f.start..f.end].to_owned(), noticed });
        done = f.end;
    }
    if cut > done {
        pieces.push(plain(done, cut));
    }
    if cut < text.len() {
        pieces.push(Piece { text: "……".to_owned(), noticed: None });
    }
    pieces
}

/// Each kind that was noticed, with how often.
pub fn noticed(lang: Lang, findings: &[Finding]) -> Vec<String> {
    let mut counts: Vec<(Kind, usize)> = Vec::new();
    for f in findings {
        match counts.iter_mut().find(|(kind, _)| *kind == f.kind) {
            Some((_, n)) => *n += 1,
            None => counts.push((f.kind, 1)),
        }
    }
    let words = |(kind, n): (Kind, usize)| {
        let w = kind_words(kind);
        let word = lang.t(&w.zh, &w.en);
        if n == 1 { word.to_owned() } else { format!("{word} ×{n}") }
    };
    counts.into_iter().map(words).collect()
}

pub fn due(lang: Lang, duty: &duty::Model, standing: Standing) -> Option<Due> {
    let until = lang.day_month(duty.due_on);
    let late = |days: i64| match lang {
        Lang::Zh => format!("应于 {until} 审核，已逾期 {}", lang.working_days(days)),
        Lang::En => format!("was due {until}, {} late", lang.working_days(days)),
    };
    let left = match lang {
        Lang::Zh => format!("{until} 24:00 前"),
        Lang::En => format!("by {until}, 24:00"),
    };
    let (state, words) = match standing {
        Standing::OnTime { .. } => (DutyState::OnTime, left),
        Standing::DueSoon { left: 0 } => (DutyState::DueSoon, lang.t("今天到期", "due today").to_owned()),
        // Every review is due within days; "soon" would mark them all.
        Standing::DueSoon { .. } => (DutyState::OnTime, left),
        Standing::Overdue { days } => (DutyState::Overdue, late(days)),
        Standing::DoneInTime { .. } => (DutyState::DoneInTime, String::new()),
        Standing::DoneLate { .. } => (DutyState::DoneLate, String::new()),
        Standing::Cancelled => return None,
    };
    Some(Due { state, words })
}

/// The reasons of a decision, with the bureau's templates for it.
pub fn reasons(lang: Lang, action: ReviewAction, templates: &[reason_template::Model]) -> Reasons {
    let choice = |code: &ReasonCode| {
        let words = reason_words(*code);
        Choice::new(code.as_str(), lang.t(&words.zh, &words.en))
    };
    let template = |t: &reason_template::Model| Template {
        id: t.id.to_string(),
        name: t.name.clone(),
        text: t.text.clone(),
    };
    Reasons {
        choices: reason::allowed(action).iter().map(choice).collect(),
        templates: templates.iter().filter(|t| t.action == action).map(template).collect(),
        needs_note: action == ReviewAction::Return,
        longest_note: reason::LONGEST_NOTE,
    }
}

/// The note of a decision as the form sends it: typed, or by a template.
///
/// # Errors
/// The database's own.
pub async fn note(app: &App, form: &Form, action: ReviewAction) -> Result<String, Problem> {
    let chosen = form.get(&format!("{action}_template")).parse().ok();
    template::note(app.db.read(), action, form.get(&format!("{action}_text")), chosen).await
}

pub fn action(lang: Lang, action: ReviewAction) -> &'static str {
    let words = review::action_words(action);
    match lang {
        Lang::Zh => words.0,
        Lang::En => words.1,
    }
}

/// What this moderator can still take back.
pub async fn undo(app: &App, visitor: &Visitor) -> Result<Option<Undo>, Problem> {
    let last = undoable(app, &visitor.actor).await?;
    Ok(last.map(|(review, number)| Undo {
        href: format!("/desk/review/{number}/undo").into(),
        action: action(visitor.lang, review.action).to_owned(),
        csrf: visitor.csrf().to_owned(),
        number,
    }))
}
