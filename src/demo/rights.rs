//! What people ask about their data: one request is answered, one waits, a copy was taken.

use entity::enums::DataRight;

use super::live::World;
use crate::actor::Actor;
use crate::identity::{self, Proof, Use};
use crate::person::inquiry::{self, Answer, Inquiry};
use crate::person::{self, Person};
use crate::problem::Problem;

/// Who answers.
const OFFICER: &str = "tangmin";

/// At the end, by authors of messages.
pub async fn requests(world: &World<'_>) -> Result<(), Problem> {
    let app = world.app;
    let first = proved(world, "b01@example.invalid").await?;
    let input = Inquiry {
        kind: Some(DataRight::Explain),
        text: "请说明我留言时填写的邮箱用在哪里、保存多久。".into(),
    };
    let (asked, _) = inquiry::ask(app, &Actor::guest(), &first, &input, "zh").await?;
    let answer = Answer {
        granted: Some(true),
        text: "邮箱只用于通知留言的办理进展，加密保存；您可以随时在“我的数据”页面删除，删除后只保留没有个人信息的统计数。".into(),
    };
    inquiry::answer(app, &world.actor(OFFICER).await?, &asked.number, &answer).await?;
    person::export(app, &Actor::guest(), &first).await?;

    let second = proved(world, "b12@example.invalid").await?;
    let input = Inquiry {
        kind: Some(DataRight::Correct),
        text: "我的称呼写错了一个字，请在登记里改正为“秦岭”。".into(),
    };
    inquiry::ask(app, &Actor::guest(), &second, &input, "zh").await?;
    Ok(())
}

async fn proved(world: &World<'_>, contact: &str) -> Result<Person, Problem> {
    let (app, guest) = (world.app, Actor::guest());
    let asked = identity::ask(app, &guest, Use::MyData, contact, "zh").await?;
    let proof = Proof { code: identity::code(&app.keys, asked.id), ticket: asked.ticket };
    let (secret, _) = person::enter(app, &guest, contact, &proof).await?;
    person::session(app, &secret).await
}
