//! What differs between two versions of a catalogue: pure.

use std::collections::HashMap;

use entity::catalogue_entry::Model as Entry;
use entity::id::DepartmentId;

use super::foreseen::foreseen;
use crate::decision::{kind_words, step_words};

/// A column of the catalogue that may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename = "CatalogueField", rename_all = "snake_case")]
pub enum Field {
    Title,
    Kind,
    Department,
    Basis,
    PlannedTime,
    Steps,
}

/// One changed column, as printed before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub field: Field,
    pub old: String,
    pub new: String,
}

#[derive(Clone, Debug, Default)]
pub struct Comparison {
    pub added: Vec<Entry>,
    pub removed: Vec<Entry>,
    /// The entry as it is now, and what changed in it.
    pub changed: Vec<(Entry, Vec<FieldChange>)>,
    pub kept: usize,
}

impl Comparison {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Entries belong together by their decision; their order is no change.
pub fn compare(old: &[Entry], new: &[Entry], names: &HashMap<DepartmentId, String>) -> Comparison {
    let before: HashMap<_, _> = old.iter().map(|e| (e.decision_id, e)).collect();
    let mut result = Comparison::default();
    for entry in new {
        match before.get(&entry.decision_id) {
            None => result.added.push(entry.clone()),
            Some(was) => match changes(was, entry, names) {
                fields if fields.is_empty() => result.kept += 1,
                fields => result.changed.push((entry.clone(), fields)),
            },
        }
    }
    let still_there = |e: &&Entry| !new.iter().any(|n| n.decision_id == e.decision_id);
    result.removed = old.iter().filter(still_there).cloned().collect();
    result
}

fn changes(old: &Entry, new: &Entry, names: &HashMap<DepartmentId, String>) -> Vec<FieldChange> {
    let department = |e: &Entry| names.get(&e.department_id).cloned().unwrap_or_default();
    let kind = |e: &Entry| kind_words(e.kind).zh.into_owned();
    let columns = [
        (Field::Title, old.title.clone(), new.title.clone()),
        (Field::Kind, kind(old), kind(new)),
        (Field::Department, department(old), department(new)),
        (Field::Basis, old.basis.clone(), new.basis.clone()),
        (Field::PlannedTime, old.planned_time.clone(), new.planned_time.clone()),
        (Field::Steps, steps_text(old), steps_text(new)),
    ];
    columns
        .into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(field, old, new)| FieldChange { field, old, new })
        .collect()
}

/// `公开征求意见、专家论证；不适用：风险评估（不涉及……）`
pub fn steps_text(entry: &Entry) -> String {
    let steps = foreseen(entry);
    let planned: Vec<_> = steps.iter().filter(|s| s.foreseen).map(|s| step_words(s.kind).zh).collect();
    let skipped: Vec<String> = steps
        .iter()
        .filter(|s| !s.foreseen)
        .map(|s| format!("{}（{}）", step_words(s.kind).zh, s.reason))
        .collect();
    let mut text = planned.join("、");
    if !skipped.is_empty() {
        if !text.is_empty() {
            text.push('；');
        }
        text.push_str("不适用：");
        text.push_str(&skipped.join("、"));
    }
    text
}

#[cfg(test)]
mod tests {
    use entity::enums::DecisionKind;
    use entity::id::{CatalogueEntryId, CatalogueVersionId, DecisionId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn entry(decision: u128, position: i32, title: &str, planned: &str) -> Entry {
        Entry {
            id: CatalogueEntryId(Uuid::from_u128(decision * 100)),
            version_id: CatalogueVersionId(Uuid::nil()),
            decision_id: DecisionId(Uuid::from_u128(decision)),
            position,
            title: title.into(),
            kind: DecisionKind::Plan,
            department_id: DepartmentId(Uuid::nil()),
            basis: String::new(),
            planned_time: planned.into(),
            steps: json!([{ "kind": "consultation", "foreseen": true, "reason": "" }]),
        }
    }

    #[test]
    fn added_removed_and_changed_are_told_apart() {
        let old = [entry(1, 1, "甲", "第三季度"), entry(2, 2, "乙", "第三季度"), entry(3, 3, "丙", "")];
        let mut changed = entry(1, 2, "甲", "第四季度");
        changed.steps = json!([{ "kind": "hearing", "foreseen": false, "reason": "没有较大分歧" }]);
        let new = [entry(3, 1, "丙", ""), changed, entry(4, 3, "丁", "")];
        let result = compare(&old, &new, &HashMap::new());
        assert_eq!(result.added.iter().map(|e| e.title.as_str()).collect::<Vec<_>>(), ["丁"]);
        assert_eq!(result.removed.iter().map(|e| e.title.as_str()).collect::<Vec<_>>(), ["乙"]);
        assert_eq!(result.kept, 1);
        let (_, fields) = &result.changed[0];
        assert_eq!(
            fields[0],
            FieldChange { field: Field::PlannedTime, old: "第三季度".into(), new: "第四季度".into() }
        );
        assert_eq!(fields[1].new, "不适用：听证、座谈（没有较大分歧）");
        assert!(compare(&old, &old, &HashMap::new()).is_empty());
    }
}
