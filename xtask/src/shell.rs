//! Running other programs: echoed, streamed to the terminal, and where asked also kept to be read. Never through a
//! shell, so that it is the same on every system.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

/// A cargo command in a folder, ready for arguments.
pub(crate) fn cargo<I, S>(folder: &Path, arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new("cargo");
    command.current_dir(folder).args(arguments);
    command
}

/// The command as someone would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Runs a command with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", spelled(command));
    let status = command.status().with_context(|| format!("could not start `{}`", spelled(command)))?;
    if status.success() { Ok(()) } else { bail!("`{}` failed: {status}", spelled(command)) }
}

/// Runs a command quietly and hands back its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    println!("$ {}", spelled(command));
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`", spelled(command)))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", spelled(command), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote something that is not UTF-8", spelled(command)))
}

/// Whether a command exists and succeeds; its output is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What a command said on both streams, and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Transcript {
    pub(crate) success: bool,
    /// Lines in the order they came, without colours.
    pub(crate) text: String,
}

/// Runs a command with its output on the terminal, and keeps a plain copy.
pub(crate) fn transcribe(command: &mut Command) -> Result<Transcript> {
    println!("$ {}", spelled(command));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", spelled(command)))?;
    let errors = child.stderr.take().context("the child has no stderr")?;
    let output = child.stdout.take().context("the child has no stdout")?;
    let stderr = thread::spawn(move || tee(errors, io::stderr()));
    let said = tee(output, io::stdout())?;
    let complained = stderr.join().map_err(|_| anyhow!("the reader of stderr panicked"))??;
    let success = child.wait()?.success();
    Ok(Transcript { success, text: plain(&format!("{said}\n{complained}")) })
}

/// Runs a command and keeps what it says without showing it.
pub(crate) fn overhear(command: &mut Command) -> Result<Transcript> {
    println!("$ {}", spelled(command));
    let output = command.output().with_context(|| format!("could not start `{}`", spelled(command)))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    Ok(Transcript { success: output.status.success(), text: plain(&format!("{said}\n{complained}")) })
}

/// Runs a command at the same time as others: what it says is kept, and shown in one piece once it is done.
pub(crate) fn aside(command: &mut Command) -> Result<Transcript> {
    let told = overhear(command)?;
    println!("\n== {}\n{}", spelled(command), told.text.trim_end());
    Ok(told)
}

fn tee(from: impl Read, mut to: impl Write) -> Result<String> {
    let mut kept = String::new();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        kept.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    to.flush()?;
    Ok(kept)
}

/// `always` when someone watches, for programs that would not colour a pipe.
pub(crate) fn colour() -> &'static str {
    if io::stdout().is_terminal() { "always" } else { "never" }
}

/// The text without terminal escapes (`ESC [ … letter`).
pub(crate) fn plain(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            kept.push(character);
        }
    }
    kept
}

/// Measures how long work takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the chores report how long real work took")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(plain("\u{1b}[32;1m   Summary\u{1b}[0m 3 tests"), "   Summary 3 tests");
        assert_eq!(plain("no colour"), "no colour");
    }

    #[test]
    fn a_command_is_spelled_as_typed() {
        assert_eq!(spelled(&cargo(Path::new("."), ["test", "--workspace"])), "cargo test --workspace");
    }
}
