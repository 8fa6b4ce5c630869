//! The lexicon (敏感词库): the words that come with the program, less those switched off, and the bureau's own.
//! A word only marks a passage for the moderator; it never decides.
//!
//! Every process builds it once a version. The version is a counter in the database that every change moves in
//! its own transaction, so that the next text a moderator opens, on whatever instance, is read with the new words.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entity::enums::{LexiconKind, Role, SubjectKind};
use entity::id::LexiconWordId;
use entity::lexicon_word::Model;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::lexicon_store as store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::{Problem, Words, words};
use crate::screening::{self, Finding, Kind, Lexicon, Listed, Wrong};
use crate::sequence;

/// The counter of changes.
const VERSION: &str = "lexicon";
/// Words a bureau may have; lists that are passed round have about 20,000.
pub const MOST: usize = 100_000;
/// Bad lines that are named; the rest are counted.
pub const NAMED: usize = 50;
/// Characters of a text that is tried.
const LONGEST_TRIED: usize = 20_000;

pub fn kind(of: LexiconKind) -> Kind {
    match of {
        LexiconKind::Banned => Kind::Banned,
        LexiconKind::Advertising => Kind::Advertising,
        LexiconKind::Insult => Kind::Insult,
    }
}

fn stored(kind: Kind) -> LexiconKind {
    match kind {
        Kind::Advertising => LexiconKind::Advertising,
        Kind::Insult => LexiconKind::Insult,
        _ => LexiconKind::Banned,
    }
}

pub fn kind_words(of: LexiconKind) -> Words {
    match of {
        LexiconKind::Banned => words("关注", "Watched"),
        LexiconKind::Advertising => words("广告", "Advertising"),
        LexiconKind::Insult => words("辱骂", "Insult"),
    }
}

/// The lexicon in force now.
///
/// # Errors
/// The database's own.
pub async fn current(app: &App) -> Result<Arc<Lexicon>, Problem> {
    let db = app.db.read();
    // The version first: a change in between makes the words newer than it says, and they are read again.
    let version = sequence::value(db, VERSION).await?;
    if let Some(known) = app.lexicon(version) {
        return Ok(known);
    }
    let rows = store::all(db).await?;
    let off: HashSet<(LexiconKind, &str)> =
        rows.iter().filter(|r| !r.active).map(|r| (r.kind, r.sought.as_str())).collect();
    let own = screening::own().map(|(kind, word)| (kind, screening::tight(word)));
    let own = own.filter(|(kind, word)| !off.contains(&(stored(*kind), word)));
    let theirs = rows.iter().filter(|r| r.active).map(|r| (kind(r.kind), r.sought.clone()));
    let lexicon = Arc::new(Lexicon::of(own.chain(theirs)).map_err(Problem::internal)?);
    app.keep_lexicon(version, lexicon.clone());
    Ok(lexicon)
}

/// A word that comes with the program, and whether it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub word: &'static str,
    pub active: bool,
}

/// A page of the lexicon.
#[derive(Clone, Debug)]
pub struct Page {
    pub words: Vec<Model>,
    pub total: u64,
    /// Those of the program, of the same kind and with the same letters.
    pub own: Vec<Own>,
    /// What is looked for no more, of the same kind.
    pub off: HashSet<String>,
    /// How many the bureau has of each kind.
    pub counts: Vec<(LexiconKind, u64)>,
}

/// Words of a kind that hold the letters of `search`.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn list(
    app: &App,
    actor: &Actor,
    of: LexiconKind,
    search: &str,
    limit: u64,
    offset: u64,
) -> Result<Page, Problem> {
    actor.require(Role::Admin)?;
    let (db, search) = (app.db.read(), screening::tight(search));
    let (words, total) = store::page(db, of, &search, limit, offset).await?;
    let off = store::off(db, of).await?;
    let own = screening::own().filter(|(k, _)| stored(*k) == of).filter_map(|(_, word)| {
        let sought = screening::tight(word);
        sought.contains(&search).then(|| Own { word, active: !off.contains(&sought) })
    });
    let own = own.collect();
    Ok(Page { words, total, own, off, counts: store::counts(db).await? })
}

/// Every word of the bureau, for a file.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn export(app: &App, actor: &Actor) -> Result<Vec<Model>, Problem> {
    actor.require(Role::Admin)?;
    Ok(store::all(app.db.read()).await?.into_iter().filter(|r| r.active).collect())
}

/// Adds a word, or removes it; one of the program's own is switched on or off. Tells whether anything changed:
/// what is as it should be stays, so that an act may be repeated and undone.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid` for what is no word, and for one to remove that is not there; the
/// database's own.
pub async fn set(
    app: &App,
    actor: &Actor,
    of: LexiconKind,
    word: &str,
    active: bool,
) -> Result<bool, Problem> {
    actor.require(Role::Admin)?;
    let sought = screening::check_word(word).map_err(|why| Problem::invalid("word", why.zh, why.en))?;
    let write = app.write().await?;
    // Whoever changes the lexicon waits here for whoever changes it now.
    sequence::next(&write, VERSION).await?;
    let before = store::find(&*write, of, &sought).await?;
    let is_own = screening::own().any(|(k, w)| stored(k) == of && screening::tight(w) == sought);
    match &before {
        Some(row) if row.active == active => return Ok(false),
        None if is_own && active => return Ok(false),
        None if !is_own && !active => {
            return Err(Problem::invalid("word", "词库里没有这个词", "The lexicon has no such word"));
        }
        _ => {}
    }
    if active && before.is_none() {
        require_room(&*write, 1).await?;
    }
    let id = before.map_or_else(|| app.id::<LexiconWordId>(), |row| row.id);
    let row = row(app, actor, id, Listed { kind: kind(of), word: crate::text::tidy(word), sought }, active);
    store::put(&write, &[row]).await?;
    let action = if active { "lexicon.add" } else { "lexicon.remove" };
    let subject = audit::subject(SubjectKind::Setting, id);
    audit::record(app, &write, actor, action, subject, json!({ "kind": of, "own": is_own })).await?;
    write.commit().await?;
    Ok(true)
}

fn row(app: &App, actor: &Actor, id: LexiconWordId, word: Listed, active: bool) -> Model {
    Model {
        id,
        kind: stored(word.kind),
        word: word.word,
        sought: word.sought,
        active,
        changed_at: app.now(),
        changed_by: actor.staff_id(),
    }
}

async fn require_room(db: &impl ConnectionTrait, more: usize) -> Result<(), Problem> {
    let have: u64 = store::counts(db).await?.iter().map(|(_, n)| n).sum();
    if have + more as u64 <= MOST as u64 {
        return Ok(());
    }
    Err(Problem::invalid(
        "list",
        format!("词库最多 {MOST} 个词，现有 {have} 个，无法再加入 {more} 个"),
        format!("The lexicon holds at most {MOST} words; it has {have}, so {more} more do not fit"),
    ))
}

/// What a list would bring.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Words that are not looked for yet.
    pub new: Vec<Listed>,
    /// Words of the list that are in force already.
    pub known: usize,
    /// Lines that are no words; they are left out.
    pub wrong: Vec<Wrong>,
}

/// Reads a list and says what it would bring, changing nothing.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid` for a list without a word; the database's own.
pub async fn preview(app: &App, actor: &Actor, list: &str, of: LexiconKind) -> Result<Preview, Problem> {
    actor.require(Role::Admin)?;
    let (preview, _) = compare(app.db.read(), list, of).await?;
    Ok(preview)
}

/// Takes over the words of a list that are not looked for yet. The same list twice changes nothing.
///
/// # Errors
/// As [`preview`]; `invalid` when there would be too many.
pub async fn import(app: &App, actor: &Actor, list: &str, of: LexiconKind) -> Result<Preview, Problem> {
    actor.require(Role::Admin)?;
    let write = app.write().await?;
    sequence::next(&write, VERSION).await?;
    let (preview, known) = compare(&*write, list, of).await?;
    if preview.new.is_empty() {
        return Ok(preview);
    }
    require_room(&*write, preview.new.len()).await?;
    let rows: Vec<Model> = preview
        .new
        .iter()
        .cloned()
        .map(|word| {
            let id = known.get(&(stored(word.kind), word.sought.clone())).copied();
            row(app, actor, id.unwrap_or_else(|| app.id()), word, true)
        })
        .collect();
    store::put(&write, &rows).await?;
    let detail = json!({ "new": rows.len(), "known": preview.known, "left_out": preview.wrong.len() });
    let subject = audit::Subject { kind: SubjectKind::Setting, id: None };
    audit::record(app, &write, actor, "lexicon.import", subject, detail).await?;
    write.commit().await?;
    Ok(preview)
}

type Known = HashMap<(LexiconKind, String), LexiconWordId>;

/// The list against what is there; and the ids of rows that are there but not in force.
async fn compare(
    db: &impl ConnectionTrait,
    list: &str,
    of: LexiconKind,
) -> Result<(Preview, Known), Problem> {
    let read = screening::parse(list, kind(of));
    if read.words.is_empty() && read.wrong.is_empty() {
        return Err(Problem::invalid("list", "请选择文件或粘贴词语", "Choose a file or paste some words"));
    }
    let (mut active, mut removed) = (HashSet::new(), Known::new());
    for row in store::all(db).await? {
        if row.active {
            active.insert((row.kind, row.sought));
        } else {
            removed.insert((row.kind, row.sought), row.id);
        }
    }
    for (kind, word) in screening::own() {
        let key = (stored(kind), screening::tight(word));
        if !removed.contains_key(&key) {
            active.insert(key);
        }
    }
    let all = read.words.len();
    let mut new = read.words;
    new.retain(|w| !active.contains(&(stored(w.kind), w.sought.clone())));
    Ok((Preview { known: all - new.len(), new, wrong: read.wrong }, removed))
}

/// What the lexicon in force and everything else of screening notice in a text; nothing is kept of it.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid` for a text that is too long; the database's own.
pub async fn try_on(app: &App, actor: &Actor, text: &str) -> Result<Vec<Finding>, Problem> {
    actor.require(Role::Admin)?;
    if text.chars().count() > LONGEST_TRIED {
        return Err(Problem::invalid(
            "text",
            format!("最多 {LONGEST_TRIED} 字"),
            format!("At most {LONGEST_TRIED} characters"),
        ));
    }
    let lexicon = current(app).await?;
    Ok(super::advice::find(text, &lexicon))
}

/// The kind of a name in a form or an address; the bureau's own for anything else.
pub fn kind_of(name: &str) -> LexiconKind {
    LexiconKind::parse(name).unwrap_or(LexiconKind::Banned)
}
