//! Consultations, the form, the receipt and its state, search, the work plan, sign-in.

use maud::Markup;
use web::{
    about::*,
    component::*,
    consultation::*,
    form::FormState,
    label::*,
    layout::{Nav, Site},
    opinion::*,
    search::*,
    sign_in::*,
    workplan::*,
};

use super::{
    at, d, english, frame, large,
    parts::steps,
    public::{cards, head},
};

pub fn all(site: &Site) -> Vec<(&'static str, Markup)> {
    let f = frame(site, Nav::None, "/consultations/x");
    let list = ConsultationListView {
        filter: ConsultationFilter::Open,
        counts: [14, 3, 8, 3],
        items: cards(),
        pager: Pager { next: Some("?after=x".into()), ..Pager::default() },
    };
    vec![
        ("consultations", consultation_list(&f, &list)),
        (
            "consultations-empty",
            consultation_list(
                &f,
                &ConsultationListView { filter: ConsultationFilter::Open, ..ConsultationListView::default() },
            ),
        ),
        ("consultation", consultation(&f, &consultation_view())),
        ("consultation-en", consultation(&english(&f), &consultation_view())),
        ("consultation-large", consultation(&large(&f), &consultation_view())),
        ("consultation-closed", consultation(&f, &closed_view())),
        ("opinion-form", opinion_form(&f, &form_view(FormState::default()))),
        ("opinion-form-errors", opinion_form(&f, &form_view(wrong()))),
        ("opinion-closed", closed(&f, &late())),
        ("receipt", receipt(&f, &receipt_view())),
        ("state", opinion_state(&f, &state_view())),
        ("state-returned", opinion_state(&f, &returned())),
        (
            "lookup",
            lookup(
                &f,
                &LookupView {
                    csrf: "t".into(),
                    state: FormState::default()
                        .with("code", "7K3M-Q9TX")
                        .with_error("code", "没有这个查询码，请检查是否漏了几位"),
                },
            ),
        ),
        ("search", search(&f, &search_view())),
        ("search-none", search(&f, &SearchView { query: "帆船".into(), ..SearchView::default() })),
        ("workplan", work_plan(&f, &plan())),
        ("notice", notice(&f, &rules())),
        ("accessibility", accessibility(&f)),
        ("site-map", site_map(&f, &SiteMapView::default())),
        (
            "sign-in",
            sign_in(
                &f,
                &SignInView {
                    state: FormState::default()
                        .with("login", "wangmin")
                        .with_error("login", "登录名或密码不正确"),
                    next: "/desk".into(),
                },
            ),
        ),
        (
            "invitation",
            invitation(
                &f,
                &InvitationView {
                    token: "t".into(),
                    login: "wangmin".into(),
                    password_min: 12,
                    ..InvitationView::default()
                },
            ),
        ),
        ("set-up", set_up(&f, &SetUpView { token: "t".into(), password_min: 12, ..SetUpView::default() })),
    ]
}

fn line(kind: LineKind, text: &str) -> ClauseLine {
    ClauseLine { kind, text: text.into() }
}

fn article8() -> Vec<ClauseLine> {
    vec![
        line(
            LineKind::Paragraph,
            "第八条　公共体育场馆应当在国家法定节假日和学校寒暑假期间延长开放时间，每周累计开放时间不少于五十六小时。",
        ),
        line(LineKind::Item, "（一）工作日开放至二十一时以后；"),
        line(LineKind::Item, "（二）周末和节假日全天开放；"),
        line(LineKind::Item, "（三）对老年人、残疾人和未成年人设置优惠时段。"),
    ]
}

fn opinion(id: &str, who: &str, text: Vec<Span>, clause: Option<&str>) -> PublishedOpinion {
    PublishedOpinion {
        id: id.into(),
        who: who.into(),
        kind: AuthorKind::Person,
        on: d(11, 12),
        channel: Channel::Online,
        text,
        clause: clause.map(|c| (c.into(), "#c8".into())),
        outcome: None,
    }
}

fn opinions() -> Vec<PublishedOpinion> {
    vec![
        opinion(
            "o1",
            "张*",
            vec![Span::Plain("建议把“二十一时”改为“二十二时”，下班后才有时间锻炼。".into())],
            Some("第八条"),
        ),
        opinion(
            "o2",
            "匿名",
            vec![
                Span::Plain("我是".into()),
                Span::Hidden,
                Span::Plain("小区居民，周末清晨六点就有广场舞音乐，开放时间延长的同时要规定音量。".into()),
            ],
            Some("第八条"),
        ),
        PublishedOpinion {
            kind: AuthorKind::Organisation,
            channel: Channel::Letter,
            outcome: Some((Outcome::Partly, "已在第九条增加提前公示要求。".into())),
            ..opinion(
                "o3",
                "示例市老年体育协会",
                vec![Span::Plain(
                    "一、收费标准调整应当听取老年人意见。\n二、优惠时段不宜只放在上午。".into(),
                )],
                Some("第九条"),
            )
        },
    ]
}

fn clause(
    n: &str,
    anchor: &str,
    lines: Vec<ClauseLine>,
    count: u64,
    said: Vec<PublishedOpinion>,
) -> DraftPart {
    DraftPart::Clause(ClauseView {
        anchor: anchor.into(),
        label: n.into(),
        lines,
        count,
        speak: Some("opinion-form.html".into()),
        more: (!said.is_empty()).then(|| "#opinions".into()),
        opinions: said,
    })
}

fn draft() -> DraftView {
    let heading =
        |anchor: &str, text: &str| DraftPart::Heading { anchor: anchor.into(), level: 1, text: text.into() };
    DraftView {
        version: 1,
        parts: vec![
            heading("ch1", "第一章　总则"),
            clause(
                "第一条",
                "c1",
                vec![line(
                    LineKind::Paragraph,
                    "第一条　为了规范本市公共体育场馆的开放和管理，保障公众参加体育健身活动的权利，根据《中华人民共和国体育法》《全民健身条例》等法律、法规，制定本办法。",
                )],
                2,
                opinions().into_iter().take(1).collect(),
            ),
            clause(
                "第二条",
                "c2",
                vec![line(
                    LineKind::Paragraph,
                    "第二条　本市行政区域内由政府投资兴建或者利用财政性资金维护的公共体育场馆的开放、服务和监督管理，适用本办法。",
                )],
                0,
                vec![],
            ),
            heading("ch2", "第二章　开放"),
            clause("第八条", "c8", article8(), 19, opinions().into_iter().take(2).collect()),
            clause(
                "第九条",
                "c9",
                vec![line(
                    LineKind::Paragraph,
                    "第九条　公共体育场馆应当公布免费或者低收费开放的项目、时段和价格；收费标准调整的，应当提前三十日公示。",
                )],
                6,
                vec![],
            ),
            heading("ch3", "第三章　附则"),
            clause(
                "第二十一条",
                "c21",
                vec![line(LineKind::Paragraph, "第二十一条　本办法自 2027 年 3 月 1 日起施行，有效期五年。")],
                0,
                vec![],
            ),
        ],
        files: vec![
            FileLink {
                label: "征求意见稿全文".into(),
                href: "/f/1".into(),
                format: "Word".into(),
                size: "86 KB".into(),
            },
            FileLink {
                label: "征求意见稿全文".into(),
                href: "/f/2".into(),
                format: "TXT".into(),
                size: "12 KB".into(),
            },
        ],
        ..DraftView::default()
    }
}

pub fn channels() -> Channels {
    Channels {
        address: "示例市体育路 1 号 群众体育处".into(),
        postcode: "200000".into(),
        email: "qunti@tyj.example.gov.cn".into(),
        phone: "021-0000 5678".into(),
        contact: "工作日 9:00–17:00".into(),
        note: "信封请注明“场馆办法征求意见”".into(),
    }
}

fn consultation_view() -> ConsultationView {
    ConsultationView {
        title: "关于公开征求《示例市公共体育场馆开放管理办法（征求意见稿）》意见的公告".into(),
        href: "/consultations/x".into(),
        decision: Some("decision.html".into()),
        state: ConsultationState::Open,
        department: "群众体育处".into(),
        opens: d(11, 2),
        closes: d(12, 4),
        days_left: 10,
        people: 58,
        head: head(),
        source: "示例市体育局群众体育处".into(),
        published: at(11, 2, 9, 0),
        notice: "为规范公共体育场馆开放服务，我局起草了《示例市公共体育场馆开放管理办法（征求意见稿）》。根据《重大行政决策程序暂行条例》，现向社会公开征求意见。\n欢迎就开放时间、收费、优惠对象、安全管理等提出意见建议。所有意见均登记、办理，采纳情况在决策出台后 10 个工作日内公布。".into(),
        shortened_reason: None,
        extensions: vec![Extension { announced: d(11, 20), from: d(12, 2), to: d(12, 4), reason: "系统升级停止服务两日，相应顺延。".into() }],
        withdrawn_reason: None,
        draft: draft(),
        explanation: "一、起草背景\n现行规定施行已满十年，部分场馆开放时间与市民需求不匹配。\n二、主要内容\n明确每周开放时间下限，规定价格公示和优惠时段，建立服务评价制度。".into(),
        explanation_files: vec![FileLink { label: "起草说明".into(), href: "/f/3".into(), format: "PDF".into(), size: "212 KB".into() }],
        basis: "《中华人民共和国体育法》第八十三条
《全民健身条例》第二十八条
《公共文化体育设施条例》第十七条、第二十条".into(),
        basis_files: vec![],
        corrections: vec![Correction { kind: "决策草案".into(), version: 2, on: d(11, 10), notice: "第八条“二十一时”系“二十二时”之误，予以更正。".into(), compare: Some("#".into()) }],
        opinions_on: None,
        counted: "自2026年11月2日起征求意见，当日不计入，次日为第1日，2026年12月4日为第32日，当日24:00截止（民法典第二百零一条、第二百零三条）".into(),
        preview: false,
        opinions: opinions(),
        opinion_pager: Pager { previous: None, next: Some("?after=o3#opinions".into()), note: "第 1–20 条，共 47 条".into() },
        received: Received { published: 47, pending: 10, withheld: 5, rejected: 2 },
        channels: channels(),
        speak: Some("opinion-form.html".into()),
        steps: steps(),
        next_duty: None,
        summary: None,
    }
}

fn closed_view() -> ConsultationView {
    let mut draft = draft();
    for part in &mut draft.parts {
        if let DraftPart::Clause(clause) = part {
            clause.speak = None;
        }
    }
    ConsultationView {
        draft,
        state: ConsultationState::Answered,
        days_left: -1,
        speak: None,
        summary: Some("summary.html".into()),
        opinions: vec![],
        received: Received::default(),
        people: 0,
        extensions: vec![],
        shortened_reason: Some("赛事筹备时限紧，本次征集期为 15 日。".into()),
        ..consultation_view()
    }
}

fn quoted() -> QuotedClause {
    QuotedClause {
        id: "c8".into(),
        label: "第八条".into(),
        lines: article8(),
        href: "consultation.html#c8".into(),
    }
}

fn form_view(state: FormState) -> OpinionFormView {
    OpinionFormView {
        consultation_title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        consultation: "consultation.html".into(),
        closes: d(12, 4),
        days_left: 10,
        clause: Some(quoted()),
        action: "#".into(),
        csrf: "t".into(),
        idempotency_key: "k".into(),
        state,
        max_characters: 2000,
        name_required: false,
        contact_required: true,
        files_rule: Some("PDF、Word、Excel、图片，最多 3 个，每个不超过 20 MB".into()),
        review_days: 2,
        summary_days: 10,
        retention: "联系方式在决策出台满一年后删除，不影响意见的统计。".into(),
    }
}

fn wrong() -> FormState {
    FormState::default()
        .with("text", "建议把“二十一时”改为“二十二时”。")
        .with("person_kind", "individual")
        .with("name", "<script>alert(1)</script>")
        .with("show_as", "masked")
        .with_error("contact", "请填写手机号或电子邮箱")
        .with_error("consent", "请先阅读并同意《留言须知》")
}

fn late() -> ClosedView {
    ClosedView {
        consultation_title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        consultation: "consultation.html".into(),
        closed: d(12, 4),
        text: "建议把“二十一时”改为“二十二时”，下班后才有时间锻炼。".into(),
        channels: channels(),
    }
}

fn way() -> Vec<TimelineStep> {
    use StepState::*;
    vec![
        TimelineStep::new("已收到", Done).when("2026年11月24日 15:42"),
        TimelineStep::new("审核", Current).note("最迟 11月26日（2 个工作日）。公开与否都会告诉您原因。"),
        TimelineStep::new("归并和研究", Upcoming).note("征集结束后"),
        TimelineStep::new("采纳情况", Upcoming).note("决策出台后 10 个工作日内，逐条答复"),
    ]
}

fn receipt_view() -> ReceiptView {
    ReceiptView {
        code: "7K3M-Q9TX-2HDV-0ABC".into(),
        number: "2026-007-1-000012".into(),
        consultation_title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        consultation: "consultation.html".into(),
        clause: Some(quoted()),
        received: When::At(at(11, 24, 15, 42)),
        text: "建议把“二十一时”改为“二十二时”，下班后才有时间锻炼。".into(),
        showing: Showing::Masked,
        contact_masked: Some("138****1234".into()),
        review_by: d(11, 26),
        steps: way(),
        state_page: "state.html".into(),
        download: "/receipts/x/receipt.txt".into(),
        record_next: None,
    }
}

fn state_view() -> OpinionStateView {
    use StepState::*;
    OpinionStateView {
        code: "7K3M-Q9TX-2HDV-0ABC".into(),
        number: "2026-007-1-000012".into(),
        consultation_title: "示例市公共体育场馆开放管理办法（征求意见稿）".into(),
        consultation: "consultation.html".into(),
        clause: Some(quoted()),
        received: When::At(at(11, 24, 15, 42)),
        state: OpinionState::Answered,
        steps: vec![
            TimelineStep::new("已收到", Done).when("2026年11月24日 15:42"),
            TimelineStep::new("审核", Done).when("2026年11月25日 10:05").note("隐去个人信息后公开"),
            TimelineStep::new("归并和研究", Done).on(d(12, 9)).note("与 18 条相近意见归并"),
            TimelineStep::new("采纳情况", Done).on(d(12, 28)),
        ],
        original: "建议把“二十一时”改为“二十二时”，下班后才有时间锻炼。我住体育路 5 号。".into(),
        revised: None,
        kept: None,
        slip: "receipt.html".into(),
        public_text: Some(vec![
            Span::Plain("建议把“二十一时”改为“二十二时”，下班后才有时间锻炼。我住".into()),
            Span::Hidden,
            Span::Plain("。".into()),
        ]),
        published: Some("consultation.html#o1".into()),
        review: None,
        outcome: Some(OpinionOutcome {
            outcome: Outcome::Adopted,
            reason: "正式文本将工作日开放时间由“二十一时”改为“二十二时”。".into(),
            topic: Some("延长工作日开放时间".into()),
            final_clause: Some(("第八条".into(), "/decisions/x#c8".into())),
            summary: Some("summary.html".into()),
        }),
        revision: None,
        appeal: None,
    }
}

fn returned() -> OpinionStateView {
    let state = FormState::default().with("text", "建议把“二十一时”改为“二十二时”。我家邻居王某某电话 138……");
    OpinionStateView {
        state: OpinionState::Returned,
        steps: way(),
        outcome: None,
        public_text: None,
        published: None,
        review: Some(ReviewReason {
            reason: "含有他人个人信息".into(),
            note: "请删去他人的姓名和电话后重新提交，其余内容不受影响。".into(),
            at: at(11, 25, 10, 5),
        }),
        revision: Some(Revision {
            action: "#".into(),
            csrf: "t".into(),
            idempotency_key: "k".into(),
            state,
            max_characters: 2000,
            until: Some(d(12, 4)),
        }),
        appeal: Some(Appeal {
            action: "#".into(),
            csrf: "t".into(),
            idempotency_key: "k".into(),
            state: FormState::default(),
            max_characters: 500,
        }),
        ..state_view()
    }
}

fn search_view() -> SearchView {
    let hit = SearchHit {
        title: vec![
            (false, "示例市公共体育场馆".into()),
            (true, "开放".into()),
            (false, "管理办法（征求意见稿）第八条".into()),
        ],
        href: "consultation.html#c8".into(),
        kind: "决策草案".into(),
        department: "群众体育处".into(),
        on: d(11, 2),
        passages: vec![vec![
            (false, "…应当在国家法定节假日和学校寒暑假期间延长".into()),
            (true, "开放时间".into()),
            (false, "，每周累计".into()),
            (true, "开放时间".into()),
            (false, "不少于五十六小时…".into()),
        ]],
    };
    SearchView {
        query: "开放时间".into(),
        filters: vec![
            Tab::new("全部", "?q=x").count(23).current_if(true),
            Tab::new("草案条款", "?q=x&kind=clause").count(4),
            Tab::new("意见", "?q=x&kind=opinion").count(17),
            Tab::new("采纳情况", "?q=x&kind=summary").count(2),
        ],
        kind: String::new(),
        total: 23,
        hits: vec![hit.clone(), SearchHit { kind: "意见".into(), ..hit.clone() }, hit],
        pager: Pager { next: Some("?after".into()), ..Pager::default() },
    }
}

/// The plan of 2020, as far as the example needs it.
fn plan() -> WorkPlanView {
    let row = |number, requirement: &str, measure: &str, deadline: &str, state| PlanRow {
        number,
        requirement: requirement.into(),
        responsible: "办公室".into(),
        implementing: "宣教中心".into(),
        measure: measure.into(),
        deadline: deadline.into(),
        due: None,
        state: Some(state),
        evidence: (number == 1).then(|| "/x".into()),
    };
    WorkPlanView {
        title: "2020年市体育局政务公开工作计划表".into(),
        source: "市体育局办公室".into(),
        published: Some(at(4, 23, 10, 0)),
        sections: vec![
            PlanSection {
                title: "一、抓好《上海市政府信息公开规定》落实".into(),
                subsections: vec![
                    PlanSubsection {
                        title: "（一）做好专题宣传和组织实施".into(),
                        rows: vec![row(
                            1,
                            "落实《上海市政府信息公开规定》，以清单形式在本级政府门户网站上集中公开各单位的政府信息公开目录和政府信息公开指南。",
                            "检查政府信息公开目录和政府信息公开指南有无差错",
                            "6月30日",
                            TaskState::Done,
                        )],
                    },
                    PlanSubsection {
                        title: "（二）规范政府信息公开专栏设置".into(),
                        rows: vec![
                            row(
                                2,
                                "进一步规范本单位政府信息公开专栏设置，统一设置“政府信息公开指南”“政府信息公开制度”“法定主动公开内容”“政府信息公开工作年度报告”四个子栏目。",
                                "检查政府信息公开专栏有无差错",
                                "年底",
                                TaskState::Running,
                            ),
                            row(
                                3,
                                "严格落实国务院办公厅政府信息与政务公开办公室要求，按照统一格式、法定时限，发布和报送工作年报。",
                                "年底按照要求发送工作年报",
                                "年底",
                                TaskState::Overdue,
                            ),
                        ],
                    },
                ],
            },
            PlanSection {
                title: "二、推进决策公开".into(),
                subsections: vec![PlanSubsection {
                    title: "（一）重大行政决策".into(),
                    rows: vec![row(
                        5,
                        "制定发布本单位的重大行政决策事项目录。",
                        "公布目录",
                        "9月30日",
                        TaskState::Planned,
                    )],
                }],
            },
        ],
        csv: Some("/work-plan.csv".into()),
        years: Vec::new(),
    }
}

fn rules() -> NoticeView {
    NoticeView {
        review_days: 2,
        max_characters: 2000,
        retention: vec![
            ("联系方式".into(), "决策出台满一年后删除，不影响意见的统计".into()),
            ("不予受理的文字".into(), "保存 180 日后销毁".into()),
            ("已公布的决策文件".into(), "长期保存".into()),
        ],
        contact: "个人信息保护负责人：示例市体育局办公室，021-0000 1234。".into(),
    }
}
