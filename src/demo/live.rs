//! Living the year: each event through the operation a person would use.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::consultation::Model as Consultation;
use entity::enums::{Channel, DocumentKind, IdentityLevel, OpinionState, StepKind};
use entity::id::{CatalogueId, ConsultationId, DecisionId, EventRegistrationId};

use super::content::{Content, Decision, Step, text};
use super::timeline::{Dates, Event, events};
use super::{answer, file, find, gathering, message, pass, qa, review, rights, survey, voice};
use crate::account;
use crate::actor::{Actor, Who};
use crate::app::App;
use crate::calendar::civil;
use crate::catalogue::{self, EntryFields, Foreseen, NewCatalogue, Publish};
use crate::consultation;
use crate::decision::{self, Edit, Promulgation, Record, Skip, Withdrawal};
use crate::department;
use crate::document::{self, NewVersion};
use crate::identity::{self, Given, Proof};
use crate::opinion;
use crate::problem::Problem;
use crate::receipt::LookupCode;
use crate::time::FixedClock;

/// What is known of the site while it is being filled.
pub struct World<'a> {
    pub app: &'a App,
    pub content: &'a Content,
    pub dates: Dates,
    catalogue: Option<CatalogueId>,
    decisions: HashMap<String, (DecisionId, String)>,
    consultations: HashMap<String, (ConsultationId, String)>,
    /// Acceptance numbers by the content's keys.
    pub numbers: HashMap<String, String>,
    /// Codes of events, and registrations by event and party.
    pub events: HashMap<usize, String>,
    pub visitors: HashMap<(usize, usize), EventRegistrationId>,
    /// Codes of online sessions.
    pub sessions: HashMap<usize, String>,
    /// Lookup codes of messages by the content's keys.
    pub codes: HashMap<String, LookupCode>,
}

/// Lives everything up to `now`; gives a lookup code to try.
pub async fn live(
    app: &App,
    hand: &FixedClock,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<Option<LookupCode>, Problem> {
    let dates = Dates { calendar: app.calendar(), today: civil::local_date(now) };
    let mut world = World {
        app,
        content,
        dates,
        catalogue: None,
        decisions: HashMap::new(),
        consultations: HashMap::new(),
        numbers: HashMap::new(),
        events: HashMap::new(),
        visitors: HashMap::new(),
        sessions: HashMap::new(),
        codes: HashMap::new(),
    };
    review::templates(&world).await?;
    for (at, event) in events(content, &world.dates, now) {
        pass(app, hand, at.max(app.now())).await?;
        world.happen(event).await.map_err(|p| told(event, content, p))?;
    }
    pass(app, hand, now).await?;
    voice::voices(&world).await?;
    rights::requests(&world).await?;
    Ok(gathering::to_confirm(&world))
}

/// A problem here is a mistake of the content: say where.
fn told(event: Event, content: &Content, problem: Problem) -> Problem {
    let what = match event {
        Event::Opinion(i) | Event::Review(i) => content.opinions.get(i).map(|o| o.key.clone()),
        Event::OpenConsultation(i)
        | Event::Step(i, _)
        | Event::Answer(i)
        | Event::Promulgate(i, _)
        | Event::Summarise(i)
        | Event::Withdraw(i, _) => content.decisions.get(i).map(|d| d.key.clone()),
        Event::Message(i, _) => content.messages.get(i).map(|m| m.key.clone()),
        Event::PublishCatalogue | Event::Adjust(_) | Event::Gathering(..) | Event::Qa(..) => None,
    };
    Problem::internal(format!("{event:?} {}: {problem}", what.unwrap_or_default()))
}

impl World<'_> {
    async fn happen(&mut self, event: Event) -> Result<(), Problem> {
        let content = self.content;
        let decision =
            |i: usize| content.decisions.get(i).ok_or_else(|| Problem::internal("no such decision"));
        let step = |i: usize, j: usize| {
            decision(i)?.steps.get(j).cloned().ok_or_else(|| Problem::internal("no such step"))
        };
        match event {
            Event::PublishCatalogue => self.publish_catalogue().await,
            Event::Adjust(i) => self.adjust(i).await,
            Event::OpenConsultation(i) => self.open_consultation(decision(i)?).await,
            Event::Step(i, j) => self.step(decision(i)?, &step(i, j)?).await,
            Event::Opinion(i) => self.opinion(i).await,
            Event::Message(i, act) => message::happen(self, i, act).await,
            Event::Review(i) => review::review(self, i).await,
            Event::Answer(i) => answer::answer(self, decision(i)?, false).await,
            Event::Gathering(i, act) => gathering::happen(self, i, act).await,
            Event::Qa(i, act) => qa::happen(self, i, act).await,
            Event::Promulgate(i, j) => self.promulgate(decision(i)?, &step(i, j)?).await,
            Event::Summarise(i) => answer::summarise(self, decision(i)?).await,
            Event::Withdraw(i, j) => {
                let reason = step(i, j)?.note;
                let decision = decision(i)?;
                let actor = self.actor(&decision.owner).await?;
                decision::withdraw(self.app, &actor, self.code(&decision.key)?, &Withdrawal { reason }).await
            }
        }
    }

    /// A member of staff as signed in.
    pub async fn actor(&self, login: &str) -> Result<Actor, Problem> {
        let db = self.app.db.read();
        let row =
            account::store::by_login(db, login).await?.ok_or_else(|| Problem::internal(login.to_owned()))?;
        let staff = account::staff_of(db, row.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Actor { who: Who::Staff(staff), ..Actor::system() })
    }

    /// The head of the office that a decision belongs to.
    pub async fn head_of(&self, decision: &Decision) -> Result<Actor, Problem> {
        let head =
            self.content.staff.iter().find(|s| s.head_of.as_deref() == Some(decision.department.as_str()));
        self.actor(&head.ok_or_else(|| Problem::internal("an office without its head"))?.login).await
    }

    pub fn decision_id(&self, key: &str) -> Result<DecisionId, Problem> {
        self.decisions.get(key).map(|d| d.0).ok_or_else(|| Problem::internal(key.to_owned()))
    }

    pub fn code(&self, key: &str) -> Result<&str, Problem> {
        self.decisions.get(key).map(|d| d.1.as_str()).ok_or_else(|| Problem::internal(key.to_owned()))
    }

    pub fn consultation(&self, key: &str) -> Result<(ConsultationId, &str), Problem> {
        let found = self.consultations.get(key).map(|c| (c.0, c.1.as_str()));
        found.ok_or_else(|| Problem::internal(key.to_owned()))
    }

    /// Who keeps the catalogue: a disclosure officer.
    async fn keeper(&self) -> Result<Actor, Problem> {
        self.actor("tangmin").await
    }

    /// Decisions that an adjustment adds are not in the first version.
    fn is_added_later(&self, key: &str) -> bool {
        let changes = self.content.catalogue.adjustment.iter().flat_map(|a| &a.change);
        changes.into_iter().any(|c| c.decision == key && c.change == "added")
    }

    async fn publish_catalogue(&mut self) -> Result<(), Problem> {
        let keeper = self.keeper().await?;
        let department = department::by_key(self.app.db.read(), &self.content.catalogue.department).await?;
        let new = NewCatalogue { department_id: department.id, year: self.content.catalogue.year };
        let id = catalogue::create(self.app, &keeper, &new).await?.id;
        self.catalogue = Some(id);
        for decision in &self.content.decisions {
            if !self.is_added_later(&decision.key) {
                self.enter(&keeper, id, decision).await?;
            }
        }
        catalogue::publish(self.app, &keeper, id, &Publish::default()).await?;
        Ok(())
    }

    /// Enters a decision into the catalogue's draft and fills in its dossier.
    async fn enter(&mut self, keeper: &Actor, id: CatalogueId, decision: &Decision) -> Result<(), Problem> {
        let planned = self.first_planned_time(decision);
        let fields = self.fields(decision, &planned).await?;
        let entry = catalogue::add_entry(self.app, keeper, id, None, &fields).await?;
        let decision_id = self.entries(id).await?.into_iter().find(|e| e.id == entry).map(|e| e.decision_id);
        let decision_id = decision_id.ok_or_else(Problem::not_found)?;
        let row = decision::find(self.app.db.read(), decision_id).await?;
        let owner = self.actor(&decision.owner).await?;
        let edit = Edit {
            title: decision.title.clone(),
            kind: decision.kind,
            department_id: row.department_id,
            owner_id: owner.staff_id(),
            summary: decision.summary.clone(),
            basis: decision.basis.clone(),
            revision: row.revision,
        };
        decision::edit(self.app, &self.head_of(decision).await?, &row.code, &edit).await?;
        self.decisions.insert(decision.key.clone(), (row.id, row.code));
        Ok(())
    }

    /// The entries of the version that is being written.
    async fn entries(&self, id: CatalogueId) -> Result<Vec<entity::catalogue_entry::Model>, Problem> {
        let db = self.app.db.read();
        let versions = catalogue::store::versions(db, id).await?;
        let draft = versions.into_iter().max_by_key(|v| v.number).ok_or_else(Problem::not_found)?;
        catalogue::store::entries(db, draft.id).await
    }

    /// What stood in the first version, where an adjustment changes it later.
    fn first_planned_time(&self, decision: &Decision) -> String {
        let changes = self.content.catalogue.adjustment.iter().flat_map(|a| &a.change);
        let change = changes.into_iter().find(|c| c.decision == decision.key && c.change == "planned_time");
        change.and_then(|c| c.from.clone()).unwrap_or_else(|| decision.planned_time.clone())
    }

    async fn fields(&self, decision: &Decision, planned_time: &str) -> Result<EntryFields, Problem> {
        let skipped = |kind: StepKind| decision.steps.iter().find(|s| s.kind == kind && s.skipped);
        let steps = catalogue::KINDS.iter().map(|kind| Foreseen {
            kind: *kind,
            foreseen: skipped(*kind).is_none(),
            reason: skipped(*kind).map(|s| s.reason.clone()).unwrap_or_default(),
        });
        Ok(EntryFields {
            title: decision.title.clone(),
            kind: decision.kind,
            department_id: department::by_key(self.app.db.read(), &decision.department).await?.id,
            basis: decision.basis.clone(),
            planned_time: planned_time.to_owned(),
            steps: steps.collect(),
        })
    }

    async fn adjust(&mut self, i: usize) -> Result<(), Problem> {
        let (Some(adjustment), Some(id)) = (self.content.catalogue.adjustment.get(i), self.catalogue) else {
            return Ok(());
        };
        let keeper = self.keeper().await?;
        catalogue::adjust(self.app, &keeper, id).await?;
        for change in &adjustment.change {
            let decision = self.content.decisions.iter().find(|d| d.key == change.decision);
            let decision = decision.ok_or_else(|| Problem::internal(change.decision.clone()))?;
            match change.change.as_str() {
                "added" => self.enter(&keeper, id, decision).await?,
                kind => {
                    let decision_id = self.decision_id(&decision.key)?;
                    let entry = self.entries(id).await?.into_iter().find(|e| e.decision_id == decision_id);
                    let entry = entry.ok_or_else(Problem::not_found)?.id;
                    if kind == "planned_time" {
                        let to = change.to.clone().unwrap_or_default();
                        let fields = self.fields(decision, &to).await?;
                        catalogue::change_entry(self.app, &keeper, id, entry, &fields).await?;
                    } else {
                        catalogue::remove_entry(self.app, &keeper, id, entry).await?;
                    }
                }
            }
        }
        let reasons: Vec<&str> = adjustment.change.iter().map(|c| c.reason.as_str()).collect();
        catalogue::publish(self.app, &keeper, id, &Publish { reason: reasons.join("\n") }).await?;
        Ok(())
    }

    async fn add_text(
        &self,
        actor: &Actor,
        key: &str,
        kind: DocumentKind,
        file: &str,
    ) -> Result<(), Problem> {
        let input = NewVersion {
            kind,
            title: String::new(),
            body: text(&format!("drafts/{file}.txt"))?,
            uploads: Vec::new(),
            correction_notice: None,
        };
        document::add_version(self.app, actor, self.decision_id(key)?, input).await?;
        Ok(())
    }

    async fn open_consultation(&mut self, decision: &Decision) -> Result<(), Problem> {
        let (Some(window), Some(draft)) = (&decision.consultation, &decision.draft) else { return Ok(()) };
        let actor = self.actor(&decision.owner).await?;
        self.add_text(&actor, &decision.key, DocumentKind::Draft, draft).await?;
        self.add_text(&actor, &decision.key, DocumentKind::Explanation, &format!("{draft}_explanation"))
            .await?;
        self.add_text(&actor, &decision.key, DocumentKind::Basis, &format!("{draft}_basis")).await?;
        let office = department::by_key(self.app.db.read(), &decision.department).await?;
        let content = consultation::Content {
            document_id: None,
            title: String::new(),
            notice: String::new(),
            plain: window.plain.clone(),
            opens_on: self.dates.day(window.opens_offset),
            closes_on: self.dates.day(window.closes_offset),
            short_reason: window.short_reason.clone(),
            contact_name: office.short_name,
            address: office.address,
            postcode: office.postcode,
            email: office.email,
            phone: office.phone,
            identity: if window.verified { IdentityLevel::Contact } else { IdentityLevel::Unverified },
        };
        let row = consultation::create(self.app, &actor, self.decision_id(&decision.key)?, &content).await?;
        survey::compose(self, &decision.key, &actor, row.id).await?;
        consultation::publish(self.app, &actor, row.id).await?;
        survey::answer(self, &decision.key, &row.code).await?;
        self.consultations.insert(decision.key.clone(), (row.id, row.code));
        Ok(())
    }

    async fn step(&self, decision: &Decision, step: &Step) -> Result<(), Problem> {
        let actor = self.actor(&decision.owner).await?;
        let code = self.code(&decision.key)?;
        if step.skipped {
            let skip = Skip { kind: step.kind, reason: step.reason.clone() };
            decision::skip_step(self.app, &actor, code, &skip).await?;
        } else {
            let record = Record {
                kind: step.kind,
                happened_on: self.dates.step_day(step),
                note: step.note.clone(),
                document_id: None,
            };
            decision::record_step(self.app, &actor, code, &record).await?;
        }
        Ok(())
    }

    async fn opinion(&mut self, i: usize) -> Result<(), Problem> {
        let Some(o) = self.content.opinions.get(i) else { return Ok(()) };
        let (id, code) = self.consultation(&o.decision)?;
        let db = self.app.db.read();
        let row = consultation::find(db, id).await?;
        let clauses = document::clauses(db, row.document_id).await?;
        let clause_id = o.clause.as_deref().and_then(|hint| find::clause(&clauses, hint));
        let verified = row.identity == IdentityLevel::Contact;
        let content = opinion::Content {
            text: o.text.clone(),
            wording: o.wording.clone(),
            name: o.name.clone(),
            // Not everybody leaves one.
            contact: if i % 4 == 3 && !verified {
                String::new()
            } else {
                format!("{}@example.invalid", o.key)
            },
            person_kind: Some(o.person_kind),
            show_as: Some(o.show_as),
        };
        let consultation = code.to_owned();
        let files = file::of_opinion(self.app, &o.key).await?;
        let receipt = if o.channel == Channel::Site {
            let identity = self.prove(&row, &content.contact).await?;
            let input = opinion::submit::Submit {
                consultation,
                clause_id,
                content,
                files,
                consent: true,
                identity,
                idempotency_key: None,
                lang: "zh",
            };
            opinion::submit::submit(self.app, &Actor::guest(), &input).await?
        } else {
            let decision = self.content.decisions.iter().find(|d| d.key == o.decision);
            let owner = decision.map(|d| d.owner.as_str()).unwrap_or_default();
            let received_on = Some(self.app.today());
            let input = opinion::record::Record {
                consultation,
                clause_id,
                content,
                files,
                channel: Some(o.channel),
                received_on,
            };
            opinion::record::record(self.app, &self.actor(owner).await?, &input).await?
        };
        self.numbers.insert(o.key.clone(), receipt.number);
        Ok(())
    }

    /// Asks for the code that a consultation wants, and types it.
    async fn prove(&self, consultation: &Consultation, contact: &str) -> Result<Given, Problem> {
        if consultation.identity != IdentityLevel::Contact {
            return Ok(Given::default());
        }
        let guest = Actor::guest();
        let asked =
            opinion::submit::ask_code(self.app, &guest, &consultation.code, contact, false, "zh").await?;
        let code = identity::code(&self.app.keys, asked.id);
        Ok(Given { proof: Some(Proof { ticket: asked.ticket, code }), ..Given::default() })
    }

    async fn promulgate(&self, decision: &Decision, step: &Step) -> Result<(), Problem> {
        let actor = self.actor(&decision.owner).await?;
        let code = self.code(&decision.key)?;
        let id = self.decision_id(&decision.key)?;
        let mut final_document_id = None;
        if let Some(file) = &decision.final_text {
            self.add_text(&actor, &decision.key, DocumentKind::Final, file).await?;
            final_document_id =
                document::latest(self.app.db.read(), id, DocumentKind::Final).await?.map(|d| d.id);
        }
        let input = Promulgation {
            doc_number: decision.document_number.clone().unwrap_or_default(),
            promulgated_on: self.dates.step_day(step),
            final_document_id,
            note: step.note.clone(),
        };
        decision::promulgate(self.app, &actor, code, &input).await?;
        if let Some(document) = final_document_id {
            document::publish_final(self.app, &actor, document).await?;
            // Now that the text is out, the answers can point at what changed in it.
            answer::answer(self, decision, true).await?;
        }
        Ok(())
    }

    /// Whether an opinion counts: rejected ones are not answered.
    pub async fn counts(&self, number: &str) -> Result<bool, Problem> {
        Ok(opinion::by_number(self.app.db.read(), number).await?.state != OpinionState::Rejected)
    }
}
