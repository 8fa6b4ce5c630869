//! The example bureau as written down in `content/`; see its README.

use std::collections::BTreeMap;

use entity::enums::{
    Channel, DecisionKind, MessageKind, MessageReason, Outcome, PersonKind, Role, Satisfaction, ShowAs,
    StepKind,
};
use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

#[derive(rust_embed::RustEmbed)]
#[folder = "src/demo/content"]
struct Files;

/// A text file of the content.
///
/// # Errors
/// `internal` when it is missing: the content does not fit together.
pub fn text(path: &str) -> Result<String, Problem> {
    let file = Files::get(path).ok_or_else(|| Problem::internal(format!("demo content lacks {path}")))?;
    String::from_utf8(file.data.into_owned()).map_err(Problem::internal)
}

pub struct Content {
    pub departments: Vec<Department>,
    pub staff: Vec<Staff>,
    pub catalogue: Catalogue,
    pub decisions: Vec<Decision>,
    pub opinions: Vec<Opinion>,
    pub topics: Vec<Topic>,
    pub messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Departments {
    department: Vec<Department>,
}

#[derive(Deserialize)]
pub struct Department {
    pub key: String,
    pub name: String,
    pub short_name: String,
    pub parent: Option<String>,
    pub contact: Contact,
}

#[derive(Deserialize)]
pub struct Contact {
    pub address: String,
    pub postcode: String,
    pub email: String,
    pub phone: String,
}

#[derive(Deserialize)]
struct People {
    staff: Vec<Staff>,
}

#[derive(Deserialize)]
pub struct Staff {
    pub login: String,
    pub display_name: String,
    pub title: String,
    pub department: String,
    pub roles: Vec<Role>,
    pub head_of: Option<String>,
}

#[derive(Deserialize)]
struct Decisions {
    catalogue: Catalogue,
    decision: Vec<Decision>,
}

#[derive(Deserialize)]
pub struct Catalogue {
    pub year: i32,
    pub department: String,
    pub published_offset: i64,
    pub adjustment: Vec<Adjustment>,
}

#[derive(Deserialize)]
pub struct Adjustment {
    pub day_offset: i64,
    pub change: Vec<Change>,
}

#[derive(Deserialize)]
pub struct Change {
    pub decision: String,
    pub change: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub reason: String,
}

#[derive(Clone, Deserialize)]
pub struct Decision {
    pub key: String,
    pub number: i32,
    pub title: String,
    #[serde(deserialize_with = "decision_kind")]
    pub kind: DecisionKind,
    pub department: String,
    pub owner: String,
    pub summary: String,
    pub basis: String,
    pub planned_time: String,
    pub document_number: Option<String>,
    pub draft: Option<String>,
    #[serde(rename = "final")]
    pub final_text: Option<String>,
    pub summary_file: Option<String>,
    pub consultation: Option<Window>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Deserialize)]
pub struct Window {
    pub opens_offset: i64,
    pub closes_offset: i64,
    pub short_reason: Option<String>,
    /// Whether a contact is verified before an opinion is taken.
    #[serde(default)]
    pub verified: bool,
    /// 通俗解读
    #[serde(default)]
    pub plain: String,
}

#[derive(Clone, Deserialize)]
pub struct Step {
    pub kind: StepKind,
    pub day_offset: Option<i64>,
    pub workday_offset: Option<i64>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub skipped: bool,
    #[serde(default)]
    pub reason: String,
}

#[derive(Deserialize)]
struct Opinions {
    opinion: Vec<Opinion>,
}

#[derive(Clone, Deserialize)]
pub struct Opinion {
    pub key: String,
    pub decision: String,
    pub clause: Option<String>,
    pub name: String,
    pub person_kind: PersonKind,
    pub show_as: ShowAs,
    pub channel: Channel,
    pub day_offset: i64,
    pub text: String,
    /// Words proposed for the clause.
    #[serde(default)]
    pub wording: String,
    /// How many readers support it.
    #[serde(default)]
    pub supports: u32,
    pub review: String,
    pub reviewed_by: Option<String>,
    pub second_reviewer: Option<String>,
    pub review_reason: Option<String>,
    #[serde(default)]
    pub review_note: String,
    /// The author's objection to the review.
    pub appeal: Option<String>,
    pub public_text: Option<String>,
    pub topic: Option<String>,
    pub outcome: Option<Outcome>,
    pub outcome_reason: Option<String>,
    pub final_clause: Option<String>,
}

#[derive(Deserialize)]
struct Topics {
    topic: Vec<Topic>,
}

#[derive(Clone, Deserialize)]
pub struct Topic {
    pub key: String,
    pub decision: String,
    pub title: String,
    pub outcome: Option<Outcome>,
    pub reason: Option<String>,
    pub final_clause: Option<String>,
}

#[derive(Deserialize)]
struct Messages {
    message: Vec<Message>,
}

/// A message on the board and what becomes of it.
#[derive(Clone, Deserialize)]
pub struct Message {
    pub key: String,
    pub kind: MessageKind,
    pub title: String,
    pub text: String,
    /// Key of the decision under whose page it is left; none for the board itself.
    pub page: Option<String>,
    pub name: String,
    /// The author does not agree to publication.
    #[serde(default)]
    pub private: bool,
    pub workdays_ago: u32,
    /// Accepted for this office.
    pub department: Option<String>,
    /// Not accepted.
    pub reason: Option<MessageReason>,
    #[serde(default)]
    pub note: String,
    pub extension: Option<String>,
    pub answered_by: Option<String>,
    /// Working days after it came.
    pub answer_after: Option<u32>,
    pub answer: Option<String>,
    #[serde(default)]
    pub publish: bool,
    pub public_text: Option<String>,
    pub satisfaction: Option<Satisfaction>,
    pub follow_up: Option<String>,
    pub follow_up_answer: Option<String>,
}

impl Content {
    /// Reads everything.
    ///
    /// # Errors
    /// `internal` when a file is missing or does not fit its form.
    pub fn read() -> Result<Self, Problem> {
        let Decisions { catalogue, mut decision } = toml("decisions.toml")?;
        decision.sort_by_key(|d| d.number);
        Ok(Self {
            departments: toml::<Departments>("departments.toml")?.department,
            staff: toml::<People>("staff.toml")?.staff,
            catalogue,
            decisions: decision,
            opinions: toml::<Opinions>("opinions.toml")?.opinion,
            topics: toml::<Topics>("topics.toml")?.topic,
            messages: toml::<Messages>("messages.toml")?.message,
        })
    }

    /// The opinions of each decision, in the order they came.
    pub fn opinions_of(&self, decision: &str) -> Vec<&Opinion> {
        let mut list: Vec<&Opinion> = self.opinions.iter().filter(|o| o.decision == decision).collect();
        list.sort_by_key(|o| o.day_offset);
        list
    }
}

fn toml<T: DeserializeOwned>(path: &str) -> Result<T, Problem> {
    Figment::from(Toml::string(&text(path)?)).extract().map_err(|e| Problem::internal(format!("{path}: {e}")))
}

fn decision_kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<DecisionKind, D::Error> {
    let names = BTreeMap::from([
        ("重大公共措施", DecisionKind::PublicMeasure),
        ("重要规划", DecisionKind::Plan),
        ("重大建设项目", DecisionKind::ConstructionProject),
    ]);
    let name = String::deserialize(deserializer)?;
    names.get(name.as_str()).copied().ok_or_else(|| serde::de::Error::custom(format!("unknown kind {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_can_be_read_and_fits_together() {
        let content = Content::read().unwrap();
        assert_eq!(content.decisions.len(), 13);
        for decision in &content.decisions {
            assert!(content.staff.iter().any(|s| s.login == decision.owner), "{}", decision.owner);
            for stem in [&decision.draft, &decision.final_text].into_iter().flatten() {
                text(&format!("drafts/{stem}.txt")).unwrap();
            }
        }
        for opinion in &content.opinions {
            assert!(content.decisions.iter().any(|d| d.key == opinion.decision));
        }
    }
}
