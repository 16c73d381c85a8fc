//! The fuzzers of the wire: built on the stable compiler with the coverage that `cargo fuzz` asks for, and all run at once.
//!
//! The targets are laid out for `cargo fuzz`, which needs a nightly compiler or `--sanitizer none`; this does the latter
//! without it. What they find besides a crash stays in the build folder; the kept corpus is changed with `--minimise` only.

use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{shell, tables};

/// From the root.
pub(crate) const FOLDER: &str = "crates/adapters/fake-tws/fuzz";

/// What cargo-fuzz 0.13 gives to the compiler with `--sanitizer none`.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "--cfg",
    "fuzzing",
];

/// A target, and how long its inputs may be.
struct Target {
    name: &'static str,
    longest: u32,
}

const TARGETS: &[Target] = &[
    Target { name: "frame", longest: 4_096 },
    Target { name: "protobuf_codec", longest: 8_192 },
    Target { name: "text_codec", longest: 8_192 },
    Target { name: "server", longest: 4_096 },
    Target { name: "recording", longest: 16_384 },
];

#[derive(Args)]
pub(crate) struct Options {
    /// For how long each target runs, 60 unless said otherwise; all run at once. A merge ends by itself, and is given up
    /// after so long: 900.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u32>,
    /// Runs only this target.
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Runs one input, such as a crash that was kept; needs --target.
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
    /// Makes the kept corpus anew, out of itself, what was found, and this folder of seeds.
    #[arg(long, value_name = "SEEDS", conflicts_with = "input")]
    minimise: Option<PathBuf>,
}

impl Options {
    /// What continuous integration does.
    pub(crate) const ALL: Self = Self { seconds: None, target: None, input: None, minimise: None };

    fn run_for(&self) -> u32 {
        self.seconds.unwrap_or(60)
    }

    fn merge_for(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds.unwrap_or(900)))
    }
}

/// Fuzzers that continuous integration runs: built, or none where they are not.
pub(crate) struct Ready(Option<Bench>);

/// Builds them.
pub(crate) fn prepare(workspace: &Workspace) -> Result<Ready> {
    if is_skipped() { Ok(Ready(None)) } else { build(workspace).map(Some).map(Ready) }
}

impl Ready {
    /// Fuzzes while something else runs that mostly waits.
    pub(crate) fn beside(self, other: impl FnOnce() -> Result<()>) -> Result<()> {
        let Some(bench) = self.0 else { return other() };
        let running = start(&bench, &TARGETS.iter().collect::<Vec<_>>(), Options::ALL.run_for())?;
        let other = other();
        // Both are told of, whichever failed.
        running.end().and(other)
    }
}

/// They are built on one system only; elsewhere that is said.
fn is_skipped() -> bool {
    let skipped = !cfg!(target_os = "linux");
    if skipped {
        println!(
            "fuzz: skipped, the fuzzers are built on Linux only; the kept corpus is also run by the tests"
        );
    }
    skipped
}

/// Where the fuzzers are, and where they keep what they find.
struct Bench {
    /// The package.
    folder: PathBuf,
    /// What was built.
    programs: PathBuf,
    /// Found inputs, crashes and logs.
    found: PathBuf,
}

/// Builds the targets, runs them, and fails when one crashed, was too slow, took too much memory, or ran nothing.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let targets: Vec<&Target> =
        TARGETS.iter().filter(|it| options.target.as_deref().is_none_or(|name| name == it.name)).collect();
    if targets.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|it| it.name).collect();
        bail!("no such target; there are {}", names.join(", "));
    }
    if is_skipped() {
        return Ok(());
    }
    let bench = build(workspace)?;
    match (&options.input, &options.minimise) {
        (Some(input), _) => targets.iter().try_for_each(|target| bench.reproduce(target, input)),
        (None, Some(seeds)) => {
            targets.iter().try_for_each(|target| bench.minimise(target, seeds, options.merge_for()))
        }
        (None, None) => start(&bench, &targets, options.run_for())?.end(),
    }
}

fn build(workspace: &Workspace) -> Result<Bench> {
    if !shell::succeeds(Command::new("c++").arg("--version")) {
        bail!("there is no C++ compiler, and libFuzzer is C++; on Debian: apt-get install g++");
    }
    let host = host()?;
    let folder = workspace.root.join(FOLDER);
    let target = workspace.target.join("fuzz");
    // With a target named, build scripts and macros are built without these flags.
    let mut command = shell::cargo(&folder, ["build", "--release", "--locked", "--bins", "--target", &host]);
    command.arg("--target-dir").arg(&target).env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    shell::run(&mut command)?;
    let programs = target.join(host).join("release");
    Ok(Bench { folder, programs, found: target.join("found") })
}

/// The machine that the compiler runs on, as it calls it.
fn host() -> Result<String> {
    let told = shell::read(Command::new("rustc").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    Ok(host.to_owned())
}

impl Bench {
    fn kept(&self, target: &Target) -> PathBuf {
        self.folder.join("corpus").join(target.name)
    }

    /// What is found, and what crashes.
    fn folders(&self, target: &Target) -> Result<(PathBuf, PathBuf)> {
        let (found, crashes) = (self.found.join(target.name), self.found.join("crashes").join(target.name));
        for folder in [&found, &crashes] {
            fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
        }
        Ok((found, crashes))
    }

    fn command(&self, target: &Target) -> Command {
        // What else runs goes first: it has deadlines, and a fuzzer has none.
        let mut command = Command::new("nice");
        command
            .args(["-n", "10"])
            .arg(self.programs.join(target.name))
            .args(["-rss_limit_mb=512", "-malloc_limit_mb=64", "-timeout=20", "-print_final_stats=1"])
            .arg(format!("-max_len={}", target.longest));
        command
    }

    fn start(&self, target: &'static Target, seconds: u32) -> Result<Running> {
        let (found, crashes) = self.folders(target)?;
        let log = self.found.join(format!("{}.log", target.name));
        let out = File::create(&log).with_context(|| format!("could not make {}", log.display()))?;
        let mut command = self.command(target);
        command
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", crashes.display()))
            .arg(&found)
            .arg(self.kept(target))
            .stdout(out.try_clone()?)
            .stderr(out)
            .stdin(Stdio::null());
        println!("$ {}", shell::spelled(&command));
        let child = command.spawn().with_context(|| format!("could not start {}", target.name))?;
        Ok(Running { target, child, log })
    }

    fn reproduce(&self, target: &Target, input: &Path) -> Result<()> {
        let input = input.canonicalize().with_context(|| format!("no such file: {}", input.display()))?;
        shell::run(self.command(target).arg(input))
    }

    /// Everything that reaches more, in place of what was kept. The kept corpus is touched only once the new one is whole.
    fn minimise(&self, target: &Target, seeds: &Path, limit: Duration) -> Result<()> {
        if !seeds.is_dir() {
            bail!("no such folder of seeds: {}", seeds.display());
        }
        let (found, crashes) = self.folders(target)?;
        let (kept, new) = (self.kept(target), self.found.join(format!("{}-kept", target.name)));
        remove(&new)?;
        fs::create_dir_all(&new)?;
        let mut command = self.command(target);
        command.arg("-merge=1").arg(format!("-artifact_prefix={}/", crashes.display())).arg(&new);
        let all = [kept.clone(), seeds.join(target.name), found];
        command.args(all.iter().filter(|folder| folder.is_dir()));
        let mut command = within(limit, &command);
        println!("$ {}", shell::spelled(&command));
        merged(target.name, command.status()?)?;
        replace(&kept, &new)
    }
}

/// The command, ended with all that it has started once it has had so long.
fn within(limit: Duration, command: &Command) -> Command {
    let mut limited = Command::new("timeout");
    limited.args(["--kill-after=5".to_owned(), limit.as_secs_f64().to_string()]);
    limited.arg(command.get_program()).args(command.get_args());
    limited
}

/// What `timeout` says of a command that it had to end.
const TOO_LONG: i32 = 124;

/// A merge that is not whole replaces nothing.
fn merged(target: &str, status: ExitStatus) -> Result<()> {
    match status.code() {
        Some(0) => Ok(()),
        Some(TOO_LONG) => {
            bail!(
                "the merge of {target} was not done in time: what is kept stays as it was; --seconds gives it longer"
            )
        }
        _ => bail!("the merge of {target} failed, {status}: what is kept stays as it was"),
    }
}

/// Puts the files of a folder in the place of another's. An empty one replaces nothing: a merge that took nothing went wrong.
fn replace(kept: &Path, new: &Path) -> Result<()> {
    let beside = kept.with_extension("new");
    remove(&beside)?;
    fs::create_dir_all(&beside)?;
    let mut count = 0_usize;
    for entry in fs::read_dir(new)? {
        let path = entry?.path();
        fs::copy(&path, beside.join(path.file_name().context("a file has a name")?))?;
        count += 1;
    }
    if count == 0 {
        remove(&beside)?;
        bail!("nothing came of the merge: {} stays as it was", kept.display());
    }
    remove(kept)?;
    fs::rename(&beside, kept).with_context(|| format!("could not move {}", beside.display()))?;
    println!("{}: {count} inputs are kept", kept.display());
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

/// A fuzzer at work.
struct Running {
    target: &'static Target,
    child: Child,
    log: PathBuf,
}

/// Fuzzers at work, ended when they are let go of.
struct Fuzzers(Vec<Running>);

fn start(bench: &Bench, targets: &[&'static Target], seconds: u32) -> Result<Fuzzers> {
    let mut fuzzers = Fuzzers(Vec::new());
    for target in targets {
        fuzzers.0.push(bench.start(target, seconds)?);
    }
    Ok(fuzzers)
}

impl Fuzzers {
    /// Waits for all of them, prints what they did, and fails when one of them did.
    fn end(mut self) -> Result<()> {
        let (mut rows, mut failed) = (Vec::new(), Vec::new());
        for Running { target, child, log } in &mut self.0 {
            let success = child.wait()?.success();
            let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
            let runs = number(&text, "stat::number_of_executed_units:").unwrap_or(0);
            let peak = number(&text, "stat::peak_rss_mb:").unwrap_or(0);
            let verdict = if success && runs > 0 { "passed" } else { "FAILED" };
            rows.push(
                [target.name.to_owned(), runs.to_string(), format!("{peak} MB"), verdict.to_owned()].to_vec(),
            );
            if verdict == "FAILED" {
                failed.push(target.name);
                explain(target, &text);
            }
        }
        println!("\n{}", tables::markdown(&["target", "runs", "memory", "verdict"], &rows));
        if failed.is_empty() { Ok(()) } else { bail!("fuzzers failed: {}", failed.join(", ")) }
    }
}

impl Drop for Fuzzers {
    fn drop(&mut self) {
        for running in &mut self.0 {
            if let Err(error) = running.child.kill() {
                eprintln!("{} could not be ended: {error}", running.target.name);
            }
        }
    }
}

/// The end of the log, and how to see it again.
fn explain(target: &Target, log: &str) {
    let lines: Vec<&str> = log.lines().collect();
    println!("\n== {}: the end of its log", target.name);
    for line in lines.iter().skip(lines.len().saturating_sub(40)) {
        println!("{line}");
    }
    if let Some(file) = artifact(log) {
        let name = target.name;
        println!("\nThe input is kept: cargo xtask fuzz --target {name} --input {file}");
        println!("or: cd {FOLDER} && cargo fuzz run --sanitizer none {name} {file}");
    }
}

/// The file that libFuzzer has written.
fn artifact(log: &str) -> Option<&str> {
    log.lines().rev().find_map(|line| line.split_once("Test unit written to ").map(|(_, file)| file.trim()))
}

fn number(log: &str, key: &str) -> Option<u64> {
    log.lines().rev().find_map(|line| line.strip_prefix(key)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "INFO: seed corpus: files: 14\n\
        ==7== ERROR: libFuzzer: deadly signal\n\
        artifact_prefix='x/'; Test unit written to x/crash-0a1b\n\
        stat::number_of_executed_units: 81234\n\
        stat::peak_rss_mb:              143\n";

    #[test]
    fn the_figures_are_read_from_the_log() {
        assert_eq!(number(LOG, "stat::number_of_executed_units:"), Some(81_234));
        assert_eq!(number(LOG, "stat::peak_rss_mb:"), Some(143));
        assert_eq!(number("", "stat::peak_rss_mb:"), None);
        assert_eq!(artifact(LOG), Some("x/crash-0a1b"));
    }

    #[test]
    fn a_merge_that_took_nothing_leaves_the_kept_corpus_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, new) = (folder.path().join("kept"), folder.path().join("new"));
        for (path, name) in [(&kept, "old"), (&new, "")] {
            fs::create_dir_all(path).unwrap();
            if !name.is_empty() {
                fs::write(path.join(name), name).unwrap();
            }
        }
        assert!(replace(&kept, &new).unwrap_err().to_string().contains("stays as it was"));
        assert!(kept.join("old").exists());
        fs::write(new.join("better"), "b").unwrap();
        replace(&kept, &new).unwrap();
        assert!(kept.join("better").exists() && !kept.join("old").exists());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_merge_that_does_not_end_is_given_up() {
        let soon = Duration::from_millis(50);
        let mut endless = Command::new("sh");
        endless.args(["-c", "sleep 600 & wait"]);
        let told = merged("frame", within(soon, &endless).status().unwrap()).unwrap_err().to_string();
        assert!(told.contains("was not done in time") && told.contains("stays as it was"), "{told}");
        let fails = merged("frame", within(soon * 100, &Command::new("false")).status().unwrap());
        assert!(fails.unwrap_err().to_string().contains("failed"));
        merged("frame", within(soon * 100, &Command::new("true")).status().unwrap()).unwrap();
    }

    #[test]
    fn every_target_has_its_program_and_its_corpus() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(FOLDER);
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
        for Target { name, .. } in TARGETS {
            assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
            assert!(folder.join(format!("fuzz_targets/{name}.rs")).exists(), "{name}");
            assert!(fs::read_dir(folder.join("corpus").join(name)).unwrap().next().is_some(), "{name}");
        }
    }
}
