//! The binary: hands arguments and environment to the library, and its exit code back.

use std::process::ExitCode;
use tradeport_app::config::variables::Variables;

fn main() -> ExitCode {
    tradeport_app::run(std::env::args_os(), &Variables::of_this_process()).into()
}
