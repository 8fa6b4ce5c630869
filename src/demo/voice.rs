//! What readers do besides giving one opinion: they support published ones, and speak on several clauses at once.

use entity::enums::{OpinionState, PersonKind, ShowAs};

use super::find;
use super::live::World;
use crate::actor::Actor;
use crate::opinion::several::{Part, Several, submit_several};
use crate::opinion::submit::{Submit, submit};
use crate::opinion::support::{Device, support};
use crate::problem::Problem;
use crate::{consultation, document, opinion};

/// The decision that is asked about while the example is looked at.
const OPEN: &str = "venue_opening";

/// What is said on a clause.
const PARTS: [(&str, &str); 3] = [
    ("第八条", "“休息日八时至二十一时”建议写明法定节假日也算，去年国庆场馆照样关门。"),
    ("第十五条", "七十岁以上免费很好，但限在十六时以前，帮子女接孩子的老人正好赶不上。"),
    ("第二十条", "支持现场留名额，老人不会用手机。名额用完了请在门口写出来，别让人白跑。"),
];

/// Who sends the same text.
const CAMPAIGN: [(&str, &str); 10] = [
    ("高建军", "体育场南侧小区"),
    ("罗淑芬", "体育场南侧小区"),
    ("梁志强", "河滨花园"),
    ("宋美玲", "河滨花园"),
    ("郑国庆", "体育场东路"),
    ("谢丽", "体育场东路"),
    ("韩卫东", "河滨花园"),
    ("唐秀兰", "体育场南侧小区"),
    ("冯晓燕", "体育场东路"),
    ("于大伟", "河滨花园"),
];

/// At the end, when what was reviewed is published.
pub async fn voices(world: &World<'_>) -> Result<(), Problem> {
    for o in world.content.opinions.iter().filter(|o| o.decision == OPEN && o.supports > 0) {
        let Some(number) = world.numbers.get(&o.key) else { continue };
        let state = opinion::by_number(world.app.db.read(), number).await?.state;
        for i in (0..o.supports).filter(|_| state == OpinionState::Published) {
            let reader = Actor { address: format!("198.51.{i}.7"), ..Actor::guest() };
            support(world.app, &reader, number, &Device::fresh(world.app), true).await?;
        }
    }
    together(world).await?;
    campaign(world).await
}

/// Neighbours who pass one text round and change the name: near-equal, and more than usual in a short time.
async fn campaign(world: &World<'_>) -> Result<(), Problem> {
    let (_, code) = world.consultation(OPEN)?;
    for (n, (name, where_)) in CAMPAIGN.iter().enumerate() {
        let input = Submit {
            consultation: code.to_owned(),
            content: opinion::Content {
                text: format!(
                    "我是{where_}的{name}，强烈要求夜间二十二时以后一律关闭室外场地的照明和音响，保障周边居民休息，请在办法中写明。"
                ),
                name: (*name).to_owned(),
                person_kind: Some(PersonKind::Individual),
                show_as: Some(ShowAs::Masked),
                ..opinion::Content::default()
            },
            consent: true,
            lang: "zh",
            ..Submit::default()
        };
        let author = Actor { address: format!("203.0.{n}.7"), ..Actor::guest() };
        submit(world.app, &author, &input).await?;
    }
    opinion::near::sketch_new(world.app).await
}

async fn together(world: &World<'_>) -> Result<(), Problem> {
    let (id, code) = world.consultation(OPEN)?;
    let db = world.app.db.read();
    let clauses = document::clauses(db, consultation::find(db, id).await?.document_id).await?;
    let part = |(hint, text): &(&str, &str)| {
        let clause_id = find::clause(&clauses, hint);
        clause_id.map(|id| Part { clause_id: Some(id), text: (*text).to_owned(), wording: String::new() })
    };
    let input = Several {
        consultation: code.to_owned(),
        parts: PARTS.iter().filter_map(part).collect(),
        person: opinion::Content {
            name: "退休教师苏老师".into(),
            contact: "su@example.invalid".into(),
            person_kind: Some(PersonKind::Individual),
            show_as: Some(ShowAs::Masked),
            ..opinion::Content::default()
        },
        consent: true,
        identity: crate::identity::Given::default(),
        idempotency_key: None,
        lang: "zh",
    };
    submit_several(world.app, &Actor::guest(), &input).await?;
    Ok(())
}
