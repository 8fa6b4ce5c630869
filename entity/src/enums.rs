//! The closed vocabularies of the domain. The Chinese term stands beside each value.

text_enum!(
    /// What a member of staff may do (角色). Admin is not a wildcard.
    Role {
        /// 决策承办人
        Owner = "owner",
        /// 审核员
        Moderator = "moderator",
        /// 公开专员
        Disclosure = "disclosure",
        /// 监督员
        Supervisor = "supervisor",
        /// 管理员
        Admin = "admin",
    }
);

text_enum!(
    /// Kind of major decision (决策类别), as printed in the catalogue.
    DecisionKind {
        /// 重大公共政策和措施
        PublicMeasure = "public_measure",
        /// 重要规划
        Plan = "plan",
        /// 重大公共建设项目
        ConstructionProject = "construction_project",
        /// 重要资源开发利用和保护
        Resource = "resource",
        /// 其他重大事项
        Other = "other",
    }
);

text_enum!(
    /// A dated event in a decision's life (全过程时间线).
    StepKind {
        /// 列入目录
        Listed = "listed",
        /// 拟订草案
        Draft = "draft",
        /// 公开征求意见
        Consultation = "consultation",
        /// 听证、座谈
        Hearing = "hearing",
        /// 专家论证
        ExpertReview = "expert_review",
        /// 风险评估
        RiskAssessment = "risk_assessment",
        /// 公平竞争审查
        FairCompetition = "fair_competition",
        /// 合法性审查
        LegalityReview = "legality_review",
        /// 集体讨论
        CollectiveDiscussion = "collective_discussion",
        /// 作出决定
        Decided = "decided",
        /// 决策出台
        Promulgated = "promulgated",
        /// 意见采纳情况
        Summary = "summary",
        /// 政策解读
        Interpretation = "interpretation",
        /// 决策后评估
        Evaluation = "evaluation",
        /// 终止
        Withdrawn = "withdrawn",
    }
);

text_enum!(
    /// Kind of document in a decision's dossier.
    DocumentKind {
        /// 决策草案
        Draft = "draft",
        /// 起草说明
        Explanation = "explanation",
        /// 决策依据
        Basis = "basis",
        /// 正式文本
        Final = "final",
    }
);

text_enum!(
    /// Whether a version of a catalogue is being written or is public.
    VersionState { Draft = "draft", Published = "published" }
);

text_enum!(
    /// How an opinion reached the bureau (意见来源).
    Channel {
        /// 网站
        Site = "site",
        /// 来信
        Letter = "letter",
        /// 电子邮件
        Email = "email",
        /// 电话
        Phone = "phone",
        /// 座谈会
        Seminar = "seminar",
        /// 听证会
        Hearing = "hearing",
        /// 实地走访
        FieldVisit = "field_visit",
    }
);

text_enum!(
    /// Who speaks (身份类别).
    PersonKind {
        /// 个人
        Individual = "individual",
        /// 企业
        Company = "company",
        /// 社会组织
        Organisation = "organisation",
        /// 其他
        Other = "other",
    }
);

text_enum!(
    /// How the author's name may appear (公开方式).
    ShowAs {
        /// 具名公开
        Named = "named",
        /// 隐去姓名（张*）
        Masked = "masked",
        /// 匿名公开
        Anonymous = "anonymous",
        /// 不公开
        Hidden = "hidden",
    }
);

text_enum!(
    /// Where an opinion stands in review (审核). Everything but `Rejected` and `Withdrawn` is counted and answered.
    OpinionState {
        /// 待审核
        Pending = "pending",
        /// 待复核: a rejection waits for the second moderator
        AwaitingSecond = "awaiting_second",
        /// 已公开
        Published = "published",
        /// 不予公开（已计入办理）
        Withheld = "withheld",
        /// 退回修改
        Returned = "returned",
        /// 不予受理
        Rejected = "rejected",
        /// 作者撤回
        Withdrawn = "withdrawn",
    }
);

impl OpinionState {
    /// What a summary neither counts nor answers.
    pub const NOT_COUNTED: [Self; 2] = [Self::Rejected, Self::Withdrawn];

    pub fn is_counted(self) -> bool {
        !Self::NOT_COUNTED.contains(&self)
    }
}

text_enum!(
    /// A moderator's decision (审核决定).
    ReviewAction {
        Publish = "publish",
        PublishRedacted = "publish_redacted",
        Withhold = "withhold",
        Return = "return",
        Reject = "reject",
    }
);

text_enum!(
    /// Whether a review stands.
    ReviewState {
        /// Waits for a second moderator.
        Proposed = "proposed",
        /// In force.
        Final = "final",
        /// The second moderator disagreed; the opinion went back to the queue.
        Overruled = "overruled",
    }
);

text_enum!(
    /// Why an opinion is not shown, returned or rejected (原因代码).
    ReasonCode {
        /// 含他人个人信息，无法隐去
        PersonalData = "personal_data",
        /// 作者选择不公开
        AuthorWish = "author_wish",
        /// 侮辱、诽谤他人
        Insult = "insult",
        /// 商业广告
        Advertising = "advertising",
        /// 与本草案无关
        OffTopic = "off_topic",
        /// 同一人重复提交
        ExactDuplicate = "exact_duplicate",
        /// 无实质内容
        Empty = "empty",
        /// 法律、行政法规禁止的内容
        Illegal = "illegal",
        /// 涉及国家秘密、商业秘密
        Secret = "secret",
        /// 内容不清楚，请补充
        Unclear = "unclear",
        /// 其他
        Other = "other",
    }
);

text_enum!(
    /// Where an appeal (申诉) stands.
    AppealState {
        Open = "open",
        /// 维持原审核决定
        Upheld = "upheld",
        /// 撤销原审核决定，重新审核
        Overturned = "overturned",
    }
);

text_enum!(
    /// Where a reader's report of a published opinion (举报) stands.
    ReportState {
        Open = "open",
        /// 维持公开
        Kept = "kept",
        /// 已隐去或不再公开
        Acted = "acted",
    }
);

text_enum!(
    /// What became of an opinion (处理结果).
    Outcome {
        /// 采纳
        Adopted = "adopted",
        /// 部分采纳
        PartlyAdopted = "partly_adopted",
        /// 未采纳
        NotAdopted = "not_adopted",
        /// 已作说明
        Explained = "explained",
    }
);

text_enum!(
    /// Where an adoption summary (意见采纳情况) stands on its way to the public.
    SummaryState {
        Draft = "draft",
        /// 待审批
        Submitted = "submitted",
        /// 已审批
        Approved = "approved",
        Published = "published",
    }
);

text_enum!(
    /// What a thing of another table is: the subject of a duty, notice, receipt, publication or audit record.
    SubjectKind {
        Department = "department",
        Staff = "staff",
        Catalogue = "catalogue",
        CatalogueVersion = "catalogue_version",
        Decision = "decision",
        Step = "step",
        Document = "document",
        Consultation = "consultation",
        Opinion = "opinion",
        Review = "review",
        Topic = "topic",
        Response = "response",
        Summary = "summary",
        Duty = "duty",
        Job = "job",
        Calendar = "calendar",
        Setting = "setting",
        Session = "session",
        Token = "token",
        WorkPlan = "work_plan",
        Event = "event",
        EventRegistration = "event_registration",
        Message = "message",
        ContactCode = "contact_code",
        /// Somebody who was sent to a provider (OpenID Connect).
        ProviderVisit = "provider_visit",
        ConsentText = "consent_text",
        DataRequest = "data_request",
        QaSession = "qa_session",
        QaQuestion = "qa_question",
        /// Opinions that were sent together.
        Submission = "submission",
        Flood = "flood",
        Questionnaire = "questionnaire",
        /// What somebody answered in a questionnaire.
        QuestionnaireResponse = "questionnaire_response",
    }
);

text_enum!(
    /// By what a flood (集中涌入) was noticed.
    FloodKind {
        /// Many from one network.
        Network = "network",
        /// Many with nearly the same text.
        Text = "text",
        /// Far more than the consultation usually sees.
        Consultation = "consultation",
    }
);

text_enum!(
    /// Kind of question of a questionnaire (问卷题型).
    QuestionKind {
        /// 单选题
        Single = "single",
        /// 多选题
        Multiple = "multiple",
        /// 量表题
        Scale = "scale",
        /// 填空题
        Text = "text",
    }
);

text_enum!(
    /// Kind of duty (时限).
    DutyKind {
        /// 公布意见采纳情况: 10 working days from promulgation
        AdoptionSummary = "adoption_summary",
        /// 征求意见截止
        ConsultationCloses = "consultation_closes",
        /// 意见审核
        OpinionReview = "opinion_review",
        /// 复核申诉
        Appeal = "appeal",
        /// 处理举报
        Report = "report",
        /// 公布征求意见结果
        ConsultationResult = "consultation_result",
        /// 公布活动情况
        EventReport = "event_report",
        /// 听证材料送达: 7 days before the hearing
        HearingMaterials = "hearing_materials",
        /// 年内政府开放日不少于3次或开放周不少于1次
        OpenDays = "open_days",
        /// 年内会议开放不少于2次
        OpenMeetings = "open_meetings",
        /// 受理留言
        MessageIntake = "message_intake",
        /// 答复留言
        MessageAnswer = "message_answer",
        /// 答复留言的追问
        MessageFollowUp = "message_follow_up",
        /// 答复网络问政未答的问题
        QaAnswer = "qa_answer",
        /// 答复个人信息权利请求
        DataInquiry = "data_inquiry",
    }
);

text_enum!(DutyState { Open = "open", Done = "done", Cancelled = "cancelled" });

text_enum!(
    /// What became of one stage of a duty.
    StageState { Planned = "planned", Sent = "sent", Skipped = "skipped" }
);

text_enum!(
    /// Why a duty's due day or owner changed.
    DutyChangeKind {
        Recalculated = "recalculated",
        Extended = "extended",
        Paused = "paused",
        OwnerChanged = "owner_changed",
    }
);

text_enum!(JobState { Waiting = "waiting", Running = "running", Done = "done", Parked = "parked" });

text_enum!(MailState { Waiting = "waiting", Sent = "sent", Parked = "parked" });

text_enum!(ActorKind { System = "system", Guest = "guest", Resident = "resident", Staff = "staff" });

text_enum!(DayKind {
    /// 放假
    Off = "off",
    /// 调休上班
    Work = "work",
});

text_enum!(
    /// What a one-time link is good for.
    TokenPurpose {
        /// Creating the first administrator.
        Setup = "setup",
        /// A new member of staff sets the first password.
        Invite = "invite",
    }
);

text_enum!(
    /// What takes two administrators.
    StaffRequestKind {
        /// A link for a new password of an administrator.
        ResetLink = "reset_link",
        /// Removing an administrator's second factor.
        ResetFactor = "reset_factor",
        /// Granting roles, where the settings say so.
        Roles = "roles",
    }
);

text_enum!(
    /// What became of a request to the other administrators.
    RequestOutcome {
        Approved = "approved",
        Refused = "refused",
        /// Taken back by who asked.
        Withdrawn = "withdrawn",
    }
);

text_enum!(
    /// Who asked for a backup.
    BackupOrigin {
        /// The settings, every night.
        Scheduled = "scheduled",
        /// Somebody at the command line.
        Manual = "manual",
    }
);

text_enum!(BackupState { Running = "running", Done = "done", Failed = "failed" });

text_enum!(
    /// Why a word is looked for in what people write (敏感词类别).
    LexiconKind {
        /// 本单位关注的词
        Banned = "banned",
        /// 广告
        Advertising = "advertising",
        /// 辱骂
        Insult = "insult",
    }
);

text_enum!(
    /// Kind of an event with the public (公众参与活动).
    EventKind {
        /// 政府开放日
        OpenDay = "open_day",
        /// 政府开放周
        OpenWeek = "open_week",
        /// 听证会
        Hearing = "hearing",
        /// 座谈会
        Seminar = "seminar",
        /// 实地走访
        FieldVisit = "field_visit",
        /// 会议开放（列席会议）
        Meeting = "meeting",
    }
);

text_enum!(
    /// How the seats of a session are given.
    SeatMethod {
        /// 先到先得
        FirstCome = "first_come",
        /// 摇号
        Draw = "draw",
    }
);

text_enum!(
    /// For whom somebody takes a seat (组别).
    SeatGroup {
        /// 市民
        Citizen = "citizen",
        /// 企业
        Enterprise = "enterprise",
        /// 利益相关方
        Stakeholder = "stakeholder",
        /// 专家
        Expert = "expert",
        /// 人大代表、政协委员
        Deputy = "deputy",
    }
);

text_enum!(
    /// What a message on the board asks for (留言类别).
    MessageKind {
        /// 咨询
        Question = "question",
        /// 建议
        Suggestion = "suggestion",
        /// 投诉
        Complaint = "complaint",
        /// 找错: an error on the government's site
        SiteError = "site_error",
    }
);

text_enum!(
    /// Where a registration for an event stands.
    RegistrationState {
        /// 已确认
        Confirmed = "confirmed",
        /// 候补
        Waiting = "waiting",
        /// 候补转正，待确认: a seat is kept until the person takes it up or its time runs out
        Offered = "offered",
        /// 已取消
        Cancelled = "cancelled",
        /// 未在期限内确认
        Expired = "expired",
    }
);

text_enum!(
    /// Where a message stands.
    MessageState {
        /// 待受理
        Pending = "pending",
        /// 办理中: routed to a department, which answers
        Accepted = "accepted",
        /// 不予受理
        Rejected = "rejected",
        /// 已答复
        Answered = "answered",
    }
);

text_enum!(
    /// Where a question of an online session (网络问政) stands.
    QuestionState {
        /// 待审核
        Pending = "pending",
        /// 已公开，待答复
        Published = "published",
        /// 已答复
        Answered = "answered",
        /// 未采用
        Rejected = "rejected",
    }
);

text_enum!(
    /// Why a message is not accepted (不予受理原因).
    MessageReason {
        /// 不属于本机关职责
        NotOurs = "not_ours",
        /// 属于信访事项
        Petition = "petition",
        /// 重复留言
        Duplicate = "duplicate",
        /// 内容不清楚
        Unclear = "unclear",
        /// 侮辱、诽谤他人
        Insult = "insult",
        /// 商业广告
        Advertising = "advertising",
        /// 法律、行政法规禁止的内容
        Illegal = "illegal",
        /// 涉及国家秘密、商业秘密
        Secret = "secret",
        /// 其他
        Other = "other",
    }
);

text_enum!(
    /// What the author of an answered message thinks of the answer (满意度).
    Satisfaction {
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        Fair = "fair",
        /// 不满意
        Dissatisfied = "dissatisfied",
    }
);

text_enum!(
    /// What an attachment (附件) is, told by its bytes.
    AttachmentFormat {
        Jpeg = "jpeg",
        Png = "png",
        Pdf = "pdf",
        Docx = "docx",
        Xlsx = "xlsx",
        Text = "text",
    }
);

text_enum!(
    /// What a consultation asks of who speaks (后台实名、前台自愿).
    IdentityLevel {
        /// Nothing is verified.
        Unverified = "none",
        /// An e-mail address or mobile number, proved by a one-time code before the opinion is taken.
        Contact = "contact",
        /// A contact that a provider (OpenID Connect, 统一身份认证) has verified.
        Oidc = "oidc",
    }
);

text_enum!(
    /// Who may see an attachment.
    AttachmentState {
        /// Uploaded, and named by nothing yet.
        Unclaimed = "unclaimed",
        /// Belongs to something; nobody has decided yet whether everybody may see it.
        Waiting = "waiting",
        /// 公开
        Published = "published",
        /// 不公开
        Withheld = "withheld",
    }
);

text_enum!(
    /// What somebody asked about their personal data (个人信息权利请求).
    DataRequestKind {
        /// 查阅、复制
        Export = "export",
        /// 更正
        Correct = "correct",
        /// 删除
        Erase = "erase",
    }
);

text_enum!(
    /// What somebody may ask about their personal data (个人信息权利).
    DataRight {
        /// 知情、解释说明 (Art. 44, 48)
        Explain = "explain",
        /// 限制或者拒绝处理 (Art. 44)
        Restrict = "restrict",
        /// 查阅、复制、转移 (Art. 45)
        Copy = "copy",
        /// 更正、补充 (Art. 46)
        Correct = "correct",
        /// 删除 (Art. 47)
        Erase = "erase",
    }
);
