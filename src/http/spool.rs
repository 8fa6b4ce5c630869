//! Bodies with attachments: onto the disk as they come, so that memory does not grow with what people send. The file
//! has no name and is gone with the request.

use std::time::Duration;

use poem::error::ReadBodyError;
use poem::{Body, Request};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::attachment::Upload;
use crate::problem::{Code, Problem};

/// Addresses that take attachments, from whoever may use them.
const TAKE_FILES: &[&str] = &[
    "/consultations/:code/opinion",
    "/api/v1/uploads",
    "/desk/consultations/:code/opinions/new",
    "/desk/events/:code/pictures",
];
/// For the fields beside the files.
const FIELDS: u64 = 256 * 1024;
/// Seconds after which there may be room again.
const WAIT: u64 = 10;

pub fn takes_files(pattern: &str) -> bool {
    TAKE_FILES.contains(&pattern)
}

/// Takes the body of a request to the disk; the place it holds there is free again when the request is answered.
///
/// # Errors
/// `too_large`; `too_slow`; `unavailable` while many others send files or the disk is full; `malformed`.
pub async fn to_disk(
    app: &App,
    request: &mut Request,
    announced: Option<usize>,
    time: Duration,
) -> Result<OwnedSemaphorePermit, Problem> {
    let limit = app.config.attachments.total_bytes as u64 + FIELDS;
    if announced.is_some_and(|length| length as u64 > limit) {
        return Err(too_large(app));
    }
    let busy = || {
        Problem::new(Code::Unavailable)
            .because("上传的人较多，请稍后再试", "Many people are sending files; please try again")
            .retry_after(WAIT)
    };
    let place = app.files.spools.clone().try_acquire_owned().map_err(|_| busy())?;
    let body = request.take_body().into_async_read();
    let spooled = tokio::time::timeout(time, to_file(app, body, limit)).await;
    let (mut file, size) = spooled.map_err(|_| Problem::new(Code::TooSlow))??;
    if size > limit {
        return Err(too_large(app));
    }
    file.rewind().await.map_err(full)?;
    request.set_body(Body::from_async_read(file));
    Ok(place)
}

/// One file of a form.
///
/// # Errors
/// `unavailable` when the disk is full; `malformed`.
pub async fn part(app: &App, name: &str, from: impl AsyncRead + Unpin) -> Result<Upload, Problem> {
    let limit = app.config.attachments.total_bytes as u64;
    let (file, size) = to_file(app, from, limit).await?;
    let file = file.into_std().await.into();
    Ok(Upload { name: name.to_owned(), file, size })
}

/// At most one byte more than the limit, so that it is seen that there were more.
async fn to_file(app: &App, from: impl AsyncRead + Unpin, limit: u64) -> Result<(File, u64), Problem> {
    let file = tempfile::tempfile_in(&app.config.data_dir).map_err(full)?;
    let mut file = File::from_std(file);
    let mut from = from.take(limit + 1);
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        let n = from.read(&mut buffer).await.map_err(unreadable)?;
        let Some(some @ [_, ..]) = buffer.get(..n) else { break };
        file.write_all(some).await.map_err(full)?;
        size += n as u64;
    }
    file.flush().await.map_err(full)?;
    Ok((file, size))
}

fn full(e: std::io::Error) -> Problem {
    Problem { source: Some(Box::new(e)), ..Problem::new(Code::Unavailable) }
}

fn unreadable(e: std::io::Error) -> Problem {
    let inner = e.get_ref().and_then(|e| e.downcast_ref::<ReadBodyError>());
    Problem::new(if matches!(inner, Some(ReadBodyError::PayloadTooLarge)) {
        Code::TooLarge
    } else {
        Code::Malformed
    })
}

fn too_large(app: &App) -> Problem {
    let mb = app.config.attachments.total_bytes / (1024 * 1024);
    Problem::new(Code::TooLarge).because(
        format!("附件合计不超过 {mb} MB。请返回上一页去掉一些文件；填写的内容还在"),
        format!("All files together may have {mb} MB at most. Go back and leave some out; what you typed is still there"),
    )
}
