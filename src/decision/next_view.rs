//! What is to be done next on a decision, and where.

use entity::enums::StepKind;
use web::desk::decision::NextThing;
use web::lang::Lang;
use web::link::Href;

use super::page::desk_path;
use super::{Facts, Status};

/// The most urgent thing first; where it is done in another room, the way there.
pub(super) fn next(lang: Lang, code: &str, facts: &Facts, status: Status) -> Vec<NextThing> {
    let desk = desk_path(code);
    let thing = |(zh, en): (&'static str, &'static str), href: String| NextThing {
        label: lang.t(zh, en).to_owned(),
        href: Some(Href::new(href)),
    };
    let record = |words, kind: StepKind| thing(words, format!("{desk}/step?kind={kind}"));
    let room = |words, name: &str| {
        facts.consultations.last().map(|w| thing(words, format!("/desk/consultations/{}/{name}", w.code)))
    };
    let issue = || thing(("决策出台", "Issue the decision"), format!("{desk}/promulgation"));
    let draft = || record(("登记拟订草案", "Record the drafting"), StepKind::Draft);
    match status {
        Status::Preparing => {
            let list = ("列入决策事项目录", "List it in the catalogue");
            vec![thing(list, "/desk/catalogues".to_owned()), draft()]
        }
        Status::Listed => vec![draft(), thing(("上传草案", "Add the draft"), format!("{desk}/documents"))],
        Status::Drafting => {
            vec![thing(("准备草案和征求意见", "Prepare draft and consultation"), format!("{desk}/documents"))]
        }
        Status::Consulting => {
            room(("归并、办理意见", "Group and answer opinions"), "opinions").into_iter().collect()
        }
        Status::Studying if facts.undecided > 0 => {
            let n = i64::try_from(facts.undecided).unwrap_or(i64::MAX);
            let label = lang.counted(n, "条意见待处理", "opinion to answer", "opinions to answer");
            room(("", ""), "opinions").map(|t| NextThing { label, ..t }).into_iter().collect()
        }
        Status::Studying => {
            vec![record(("登记合法性审查", "Record the legality review"), StepKind::LegalityReview)]
        }
        Status::Reviewing => {
            vec![record(("登记集体讨论", "Record the discussion"), StepKind::CollectiveDiscussion)]
        }
        Status::Discussed => {
            vec![issue(), record(("登记作出决定", "Record the decision taken"), StepKind::Decided)]
        }
        Status::Decided => vec![issue()],
        Status::Promulgated => {
            room(("编制意见采纳情况", "Write the adoption summary"), "summary").into_iter().collect()
        }
        Status::Answered => {
            vec![record(("登记政策解读", "Record the interpretation"), StepKind::Interpretation)]
        }
        Status::Evaluated | Status::Withdrawn => vec![],
    }
}
