//! `jianyan draw`: repeating a draw from its published file.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Failure;
use crate::event::lot::{self, Protocol};

#[derive(Args)]
pub struct DrawArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Repeat a draw and tell whether its published result is right
    Verify(VerifyArgs),
}

#[derive(Args)]
struct VerifyArgs {
    /// The file from the page of the draw
    file: PathBuf,
    /// The commitment as it was noted before registration closed: without it, a file in which everything was
    /// exchanged together cannot be told
    #[arg(long, value_name = "HEX")]
    commitment: Option<String>,
}

/// Larger than any draw: a list of 10 000 parties takes two megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// # Errors
/// A file that cannot be read or is none of a draw; a draw that is not right.
pub fn run(args: &DrawArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let Command::Verify(args) = &args.command;
    let name = args.file.display();
    let size = std::fs::metadata(&args.file).map_err(|e| format!("{name}: {e}"))?.len();
    if size > MOST_BYTES {
        return Err(format!("{name}: too large for the file of a draw").into());
    }
    let bytes = std::fs::read(&args.file).map_err(|e| format!("{name}: {e}"))?;
    let protocol: Protocol = serde_json::from_slice(&bytes)
        .map_err(|e| format!("{name}: 不是摇号文件 not the file of a draw: {e}"))?;
    let checks = lot::verify(&protocol, args.commitment.as_deref());
    writeln!(out, "{}  {}", protocol.session, protocol.title)?;
    for check in &checks {
        let mark = if check.right { "正确 ok   " } else { "错误 WRONG" };
        writeln!(out, "{mark}  {}  {}", check.what.zh, check.what.en)?;
    }
    let wrong = checks.iter().filter(|c| !c.right).count();
    if wrong > 0 {
        return Err(format!("{name}: {wrong} 项不符 {wrong} checks failed").into());
    }
    let seated = protocol.result.iter().filter(|d| d.seated).count();
    writeln!(
        out,
        "摇号结果正确：{} 组报名，{seated} 组中签  The draw is right: {} parties, {seated} with seats",
        protocol.list.len(),
        protocol.list.len()
    )?;
    if args.commitment.is_none() {
        writeln!(
            out,
            "请核对承诺值与报名截止前公布的相同 Compare the commitment with the one published beforehand:\n{}",
            protocol.commitment
        )?;
    }
    Ok(())
}
