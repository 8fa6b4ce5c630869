//! Attachments as the views show them.

use entity::attachment::Model;
use entity::enums::AttachmentState;
use web::attachment::{AttachedFile, Seen};

use crate::attachment::words;

/// An attachment below the address of what it belongs to; `seen` says whether its reader may know who else sees it.
pub fn attached(base: &str, row: &Model, seen: bool) -> AttachedFile {
    AttachedFile {
        name: row.name.clone(),
        href: format!("{base}/files/{}", row.id).into(),
        size: words::size(row),
        picture: words::is_picture(row.format).then(|| (row.width.unwrap_or(0), row.height.unwrap_or(0))),
        alt: row.alt.clone(),
        seen: seen.then_some(match row.state {
            AttachmentState::Published => Seen::Published,
            AttachmentState::Withheld => Seen::Withheld,
            AttachmentState::Waiting | AttachmentState::Unclaimed => Seen::Waiting,
        }),
    }
}
