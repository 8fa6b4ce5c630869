//! The way out for a bureau whose only administrator lost password, phone or codes: whoever runs the server.

use std::io::Write;

use clap::Args;

use super::Failure;
use crate::account::recover;
use crate::app::App;

#[derive(Args)]
pub struct RecoverArgs {
    /// Whose account
    login: String,
    /// Remove the second factor too
    #[arg(long)]
    second_factor: bool,
}

/// Prints a one-time link for a new password; the person is told by mail, and it stands in the audit record.
///
/// # Errors
/// A login that is not there; the database's own.
pub async fn run(app: &App, args: &RecoverArgs, out: &mut impl Write) -> Result<(), Failure> {
    let link = recover::recover(app, &args.login, args.second_factor).await?;
    eprintln!("valid for 72 hours and once; it is shown only this once");
    Ok(writeln!(out, "{link}")?)
}
