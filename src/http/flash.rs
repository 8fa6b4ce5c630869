//! What the last act did, told once at the top of the next page: a word in the address (`?done=…`) that
//! stands for fixed text, so that nobody can put words into the site's mouth.

use web::lang::Lang;
use web::layout::{Flash, FlashKind};

/// The known words.
const DONE: &[(&str, &str, &str)] = &[
    ("saved", "已保存。", "Saved."),
    ("published", "已发布。", "Published."),
    ("sent", "已提交。", "Sent."),
    ("approved", "已审批通过。", "Approved."),
    ("returned", "已退回修改。", "Sent back for changes."),
    ("removed", "已移除。", "Removed."),
    ("generated", "已根据答复生成正文。", "The text was written from the answers."),
    (
        "correcting",
        "可以更正了：修改后须重新送审、公布。",
        "You may correct it now; it goes the same way to the public.",
    ),
    ("grouped", "已归并。", "Grouped."),
    ("reported", "举报已收到，审核员会核对。", "Thank you; a moderator will look at it."),
    ("supported", "已赞同，谢谢。", "Supported; thank you."),
    ("support_taken_back", "已取消赞同。", "Your support was taken back."),
    ("report_decided", "举报已处理。", "The reports are decided."),
    ("claimed", "已认领，以下由您处理。", "Claimed; these are yours."),
    ("left_flood", "已移回普通队列。", "Back in the usual queue."),
    ("released", "已释放，其他审核员可以处理。", "Released for the others."),
    ("opinions_recorded", "已登记，等待审核。", "They are registered and wait for review."),
    ("opinion_withdrawn", "意见已撤回。", "The opinion was taken back."),
    ("reviewed", "已审核。", "Reviewed."),
    ("appealed", "申诉已提交，由另一位审核员复核。", "Your appeal was received; another moderator decides."),
    ("appeal_decided", "申诉已复核，结果已告知作者。", "The appeal is decided; its author is told."),
    ("message_accepted", "已受理并转办，已告知留言人。", "Accepted and passed on; its author is told."),
    ("message_rejected", "已作不予受理处理，已告知留言人。", "Not accepted; its author is told."),
    ("message_routed", "已转其他单位办理。", "Passed on to another department."),
    ("message_extended", "已延期，已告知留言人。", "Extended; its author is told."),
    ("data_answered", "已答复，已告知请求人。", "Answered; its author is told."),
    ("page_opened", "该页面已开放留言。", "The page takes messages now."),
    ("page_closed", "该页面不再接收留言。", "The page takes no more messages."),
    ("message_answered", "已答复，已告知留言人。", "Answered; its author is told."),
    (
        "question_published",
        "已公开并交参加单位答复，已告知提问人。",
        "Published and given on; its author is told.",
    ),
    ("question_rejected", "已处理，已告知提问人。", "Done; its author is told."),
    ("question_answered", "已答复并公开，已告知提问人。", "Answered and public; its author is told."),
    ("qa_cancelled", "已取消，已告知提问人。", "Cancelled; who asked is told."),
    ("rated", "谢谢您的评价。", "Thank you for rating the answer."),
    ("asked", "追问已提交，答复后会在这里显示。", "Your question was received; its answer appears here."),
    ("undone", "已撤回上一步。", "Undone."),
    ("recorded", "已记录。", "Recorded."),
    ("extended", "已延长征求意见期限。", "The consultation was extended."),
    ("requeued", "已重新排队。", "Queued again."),
    ("imported", "已导入。", "Imported."),
    ("read", "已标为已读。", "Marked as read."),
    ("password_set", "密码已设置，请登录。", "The password is set; please sign in."),
    (
        "password_changed",
        "密码已修改，其他登录已退出。",
        "The password is changed; other sessions were ended.",
    ),
    (
        "factor_removed",
        "两步验证已停用，其他登录已退出。",
        "Two-step sign-in was removed; other sessions were ended.",
    ),
    ("factor_reset", "已重置此人的两步验证。", "This person's two-step sign-in was reset."),
    ("requested", "已提交，等待另一位管理员确认。", "Asked; another administrator must confirm."),
    ("request_approved", "已确认并办理。", "Confirmed and done."),
    ("request_refused", "已拒绝或撤回。", "Refused, or taken back."),
    ("session_ended", "已退出该登录。", "That session was ended."),
    ("sessions_ended", "其他登录均已退出。", "All other sessions were ended."),
    ("provider_linked", "已关联，以后可以用它登录。", "Linked; you may sign in by it from now on."),
    (
        "provider_unlinked",
        "已解除关联，用它登录的其他会话已退出。",
        "No longer linked; other sessions begun by it were ended.",
    ),
    ("signed_out", "您已退出登录。", "You are signed out."),
    ("set_up", "管理员已创建，请登录。", "The administrator was created; please sign in."),
    ("registered", "报名已登记，请保存查询码。", "Your registration is taken; please keep the code."),
    ("accepted", "名额已确认。", "Your seat is confirmed."),
    ("thanked", "谢谢您的评价。", "Thank you for telling us."),
    ("given_up", "报名已取消。", "Your registration is cancelled."),
    ("confirmed", "听证会记录已确认，谢谢。", "The record is confirmed; thank you."),
    ("drawn", "摇号已完成并公布，正在通知报名者。", "The draw is held and published; people are being told."),
    ("let_in", "签到成功。", "Let in."),
    ("walked_in", "现场入场已登记。", "Walk-in let in."),
    (
        "cancelled",
        "活动已取消，正在通知报名者。",
        "The event is cancelled; those who registered are being told.",
    ),
    ("issued", "已登记出台，开始计算公布采纳情况的期限。", "Issued; the time for the adoption summary runs."),
    ("stopped", "已终止。", "Stopped."),
    ("withdrawn", "已撤下。", "Withdrawn."),
    (
        "resubmitted",
        "修改后的意见已提交，等待审核。",
        "Your revised opinion was received and waits for review.",
    ),
];

/// The flash of an address, if it carries a known word.
pub fn of(path: &str, lang: Lang) -> Option<Flash> {
    let (_, query) = path.split_once('?')?;
    let word = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
    let (_, zh, en) = DONE.iter().find(|(w, _, _)| *w == word)?;
    Some(Flash { kind: FlashKind::Done, text: lang.t(zh, en).to_owned() })
}
