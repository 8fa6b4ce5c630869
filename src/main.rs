//! The one binary: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser as _;
use jianyan::cli::Cli;

fn main() -> ExitCode {
    // Without a chosen provider the first TLS connection would panic.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("jianyan: {e}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("jianyan: {e}");
            ExitCode::FAILURE
        }
    }
}
