//! Writing an event and its sessions.

use maud::{Markup, html};

use crate::{
    component::page_head,
    form::{
        Choice, Field, FormState, csrf, date_field, error_summary, hidden, radios, select, submit,
        text_field, textarea,
    },
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct EventFormView {
    pub is_new: bool,
    /// Kind and department stay as they are once it is published.
    pub is_public: bool,
    pub kinds: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub action: Href,
    pub back: Href,
    pub csrf: String,
    pub state: FormState,
}

#[must_use]
pub fn event_form(frame: &Frame<'_>, side: &[SideItem], view: &EventFormView) -> Markup {
    let lang = frame.lang;
    let state = &view.state;
    let title = if view.is_new {
        lang.t("筹备活动", "Prepare an event")
    } else {
        lang.t("修改活动", "Change the event")
    };
    let body = html! {
        p.back { a href=(view.back) { (lang.t("返回", "Back")) } }
        (page_head(title, html! {}))
        (error_summary(lang, state))
        form.card method="post" action=(view.action) {
            (csrf(&view.csrf))
            (hidden("revision", state.value("revision")))
            @if view.is_public {
                (hidden("kind", state.value("kind")))
                (hidden("department_id", state.value("department_id")))
            } @else {
                div.field-row {
                    (select(lang, state, &Field::new("kind", lang.t("活动类型", "Kind")).required(), &view.kinds))
                    (select(lang, state, &Field::new("department_id", lang.t("主办单位", "Held by")).required(), &view.departments))
                }
            }
            (text_field(lang, state, &Field::new("title", lang.t("名称", "Title")).required()))
            (textarea(lang, state, &Field::new("summary", lang.t("活动内容", "What it is about")).required().rows(6).max(10_000)))
            (textarea(lang, state, &Field::new("conditions", lang.t("参加条件", "Who may come")).rows(2).max(2000)
                .hint(lang.t("不填写即不限。", "Empty for everybody."))))
            (textarea(lang, state, &Field::new("accessibility", lang.t("无障碍信息", "Accessibility")).rows(2).max(2000)
                .hint(lang.t("坡道、电梯、手语、停车等。", "Ramps, lifts, sign language, parking."))))
            (text_field(lang, state, &Field::new("decision", lang.t("关联的决策事项编号", "Code of the decision")).short()
                .hint(lang.t("例如 2026-001；会议开放必填。", "For instance 2026-001; a must for opened meetings."))))
            div.field-row {
                (text_field(lang, state, &Field::new("contact_name", lang.t("联系人", "Contact")).required()))
                (text_field(lang, state, &Field::new("phone", lang.t("联系电话", "Telephone")).kind("tel")))
                (text_field(lang, state, &Field::new("email", lang.t("电子邮箱", "E-mail")).kind("email")))
            }
            div.form-acts {
                (submit(lang.t("保存", "Save")))
                a.button href=(view.back) { (lang.t("取消", "Cancel")) }
            }
        }
    };
    desk(frame, &state.title(lang, title), side, body)
}

#[derive(Clone, Debug)]
pub struct SessionFormView {
    pub event: String,
    /// None: a new one.
    pub number: Option<i32>,
    /// Whether the event is published: how seats are given stays.
    pub is_public: bool,
    /// How seats may be given.
    pub methods: Vec<Choice>,
    /// Groups that may have seats of their own: the field and its name.
    pub groups: Vec<(String, String)>,
    /// Seats given; there cannot be fewer.
    pub taken: i32,
    pub action: Href,
    pub back: Href,
    pub csrf: String,
    pub state: FormState,
}

#[must_use]
pub fn session_form(frame: &Frame<'_>, side: &[SideItem], view: &SessionFormView) -> Markup {
    let lang = frame.lang;
    let state = &view.state;
    let title = match (view.number, lang) {
        (None, _) => lang.t("添加场次", "Add a session").to_owned(),
        (Some(n), Lang::Zh) => format!("修改第 {n} 场"),
        (Some(n), Lang::En) => format!("Change session {n}"),
    };
    let body = html! {
        p.back { a href=(view.back) lang=[lang.content()] { (view.event) } }
        (page_head(&title, html! {}))
        (error_summary(lang, state))
        form.card method="post" action=(view.action) {
            (csrf(&view.csrf))
            (text_field(lang, state, &Field::new("place", lang.t("地点", "Place")).required()))
            (text_field(lang, state, &Field::new("directions", lang.t("交通", "Directions"))
                .hint(lang.t("用文字说明怎样到达。", "How to get there, in words."))))
            div.field-row {
                (date_field(lang, state, &Field::new("held_on", lang.t("日期", "Day")).required()))
                (text_field(lang, state, &Field::new("begins", lang.t("开始（北京时间）", "Begins (Beijing time)")).kind("time").short().required()))
                (text_field(lang, state, &Field::new("ends", lang.t("结束", "Ends")).kind("time").short().required()))
            }
            (seats(lang, view))
            (groups(lang, view))
            fieldset.group {
                legend { (lang.t("报名", "Registration")) }
                p.hint { (lang.t("不填写即从现在开始、到场次开始为止；北京时间。", "Empty: from now on, until the session begins; Beijing time.")) }
                div.field-row {
                    (text_field(lang, state, &Field::new("registration_opens_at", lang.t("报名开始", "Opens")).kind("datetime-local").short()))
                    (text_field(lang, state, &Field::new("registration_closes_at", lang.t("报名截止", "Closes")).kind("datetime-local").short()))
                }
            }
            div.form-acts {
                (submit(lang.t("保存", "Save")))
                a.button href=(view.back) { (lang.t("取消", "Cancel")) }
            }
        }
    };
    desk(frame, &state.title(lang, &title), side, body)
}

fn groups(lang: Lang, view: &SessionFormView) -> Markup {
    let state = &view.state;
    html! {
        @if view.is_public {
            (hidden("method", state.value("method")))
        } @else {
            (radios(lang, state, &Field::new("method", lang.t("名额怎样分配", "How seats are given")).required(), &view.methods))
        }
        fieldset.group {
            legend { (lang.t("组别名额", "Seats by group")) }
            p.hint { (lang.t("填写的组别保留并且最多使用这么多名额；不填写的组别共用其余名额；全部不填写即不分组。", "A group with a number has these seats and no more; groups without one share the rest; all empty: seats are open to everybody.")) }
            div.field-row {
                @for (name, label) in &view.groups {
                    (text_field(lang, state, &Field::new(name, label).short().inputmode("numeric")))
                }
            }
        }
    }
}

fn seats(lang: Lang, view: &SessionFormView) -> Markup {
    let state = &view.state;
    let given = match lang {
        Lang::Zh => format!("已有 {} 人报名成功，名额不能少于此数；增加的名额依次递补候补者。", view.taken),
        Lang::En => format!(
            "{} seats are given; there cannot be fewer. New seats go to the waiting list.",
            view.taken
        ),
    };
    let capacity =
        Field::new("capacity", lang.t("名额（人）", "Seats")).short().inputmode("numeric").required();
    html! {
        div.field-row {
            (text_field(lang, state, &if view.taken > 0 { capacity.hint(&given) } else { capacity }))
            (text_field(lang, state, &Field::new("party_max", lang.t("每次报名最多（人）", "Most people in one registration")).short().inputmode("numeric").required()))
            (text_field(lang, state, &Field::new("offer_hours", lang.t("候补确认期限（小时）", "Hours to take up a freed seat")).short().inputmode("numeric").required()
                .hint(lang.t("0：空出的名额直接给候补者，不需确认。", "0 gives it at once."))))
        }
    }
}
