//! Which rows there are, and what they must reach. Benches are found by themselves; a whole program is one entry in
//! `PROGRAMS`, an aim one entry in `AIMS`.

use std::fmt;
use std::fs;

use anyhow::{Result, bail};

use super::figure::Figure;
use super::{criterion, process};
use crate::shell;
use crate::workspace::{Kind, Workspace};

/// Something to measure.
pub(super) struct Row {
    pub(super) name: String,
    /// What someone types to get it alone.
    pub(super) command: String,
    source: Source,
}

enum Source {
    /// A bench target: criterion's estimates, or figures on standard output.
    Bench { package: String, bench: String },
    /// An example that prints figures.
    Example { package: &'static str, example: &'static str },
    /// The demo, from nothing.
    Demo,
}

/// A whole program as a row; it shows once its target exists.
struct Program {
    name: &'static str,
    package: &'static str,
    kind: Kind,
    target: &'static str,
}

const PROGRAMS: &[Program] = &[
    Program { name: "recording", package: "tradeport-sqlite", kind: Kind::Example, target: "record_speed" },
    Program { name: "start-up", package: "tradeport-sqlite", kind: Kind::Example, target: "start_speed" },
    Program { name: "orders", package: "tradeport-sqlite", kind: Kind::Example, target: "order_speed" },
    Program {
        name: "fake-tws",
        package: "tradeport-fake-tws",
        kind: Kind::Example,
        target: "loopback_speed",
    },
    Program { name: "adapter", package: "tradeport-ib", kind: Kind::Example, target: "adapter_speed" },
    Program { name: "demo", package: "tradeport", kind: Kind::Binary, target: "tradeport" },
];

/// What a figure must reach: its name begins so, and its unit is this.
struct Aim {
    beginning: &'static str,
    unit: &'static str,
    bound: Bound,
}

#[derive(Clone, Copy)]
pub(super) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

const AIMS: &[Aim] = &[
    Aim { beginning: "exchange", unit: "inputs/s", bound: Bound::AtLeast(1e6) },
    Aim { beginning: "order", unit: "inputs/s", bound: Bound::AtLeast(1e6) },
    Aim { beginning: "verdict p99", unit: "us", bound: Bound::AtMost(5.0) },
    Aim { beginning: "intent to gateway, journal in memory p50", unit: "us", bound: Bound::AtMost(10.0) },
    Aim { beginning: "intent to gateway, journal in memory p99", unit: "us", bound: Bound::AtMost(50.0) },
    Aim { beginning: "bare fsyncs that an order waits for", unit: "", bound: Bound::AtMost(1.3) },
    Aim { beginning: "orders of a burst in a bare fsync", unit: "", bound: Bound::AtLeast(20.0) },
    Aim { beginning: "kill to an order refused", unit: "ms", bound: Bound::AtMost(10.0) },
    Aim { beginning: "kill to everything cancelled", unit: "ms", bound: Bound::AtMost(1_000.0) },
    Aim { beginning: "kill to the last cancel", unit: "ms", bound: Bound::AtMost(1_000.0) },
    Aim { beginning: "pacing_at_once", unit: "us", bound: Bound::AtMost(2.0) },
    Aim { beginning: "pacing", unit: "inputs/s", bound: Bound::AtLeast(1e6) },
    Aim { beginning: "start at the checkpoint", unit: "s", bound: Bound::AtMost(1.0) },
    Aim { beginning: "ratio", unit: "", bound: Bound::AtLeast(0.6) },
    Aim { beginning: "ticks to one client, protobuf", unit: "messages/s", bound: Bound::AtLeast(1e6) },
    Aim { beginning: "ticks to one client, text", unit: "messages/s", bound: Bound::AtLeast(5e5) },
    Aim { beginning: "acknowledgement p50", unit: "us", bound: Bound::AtMost(300.0) },
    Aim { beginning: "acknowledgement p99", unit: "us", bound: Bound::AtMost(1_000.0) },
    Aim { beginning: "connect to ready", unit: "ms", bound: Bound::AtMost(50.0) },
    Aim { beginning: "added to an order", unit: "us", bound: Bound::AtMost(20.0) },
    Aim { beginning: "memory per subscription", unit: "KiB", bound: Bound::AtMost(16.0) },
    Aim { beginning: "dropped", unit: "clients", bound: Bound::AtMost(0.0) },
    Aim { beginning: "memory growth", unit: "%", bound: Bound::AtMost(5.0) },
    Aim { beginning: "wall time", unit: "s", bound: Bound::AtMost(20.0) },
    Aim { beginning: "peak memory", unit: "MB", bound: Bound::AtMost(200.0) },
];

/// Every row of this workspace: benches by name, then programs.
pub(super) fn all(workspace: &Workspace) -> Vec<Row> {
    let benches = workspace.packages.iter().flat_map(|package| {
        let targets = package.targets.iter().filter(|target| target.kind == Kind::Bench);
        targets.map(|target| Row {
            name: target.name.clone(),
            command: format!("cargo bench -p {} --bench {}", package.name, target.name),
            source: Source::Bench { package: package.name.clone(), bench: target.name.clone() },
        })
    });
    let programs = PROGRAMS
        .iter()
        .filter(|program| workspace.has_target(program.package, program.kind, program.target))
        .map(Row::program);
    benches.chain(programs).collect()
}

impl Row {
    fn program(program: &Program) -> Self {
        let (command, source) = match program.kind {
            Kind::Example => (
                format!("cargo run --release -p {} --example {}", program.package, program.target),
                Source::Example { package: program.package, example: program.target },
            ),
            _ => ("cargo run --release -- demo".to_owned(), Source::Demo),
        };
        Self { name: program.name.to_owned(), command, source }
    }

    /// Runs it. A row without a figure is an error.
    pub(super) fn measure(&self, workspace: &Workspace) -> Result<Vec<Figure>> {
        let figures = match &self.source {
            Source::Bench { package, bench } => measure_bench(workspace, package, bench)?,
            Source::Example { package, example } => {
                let arguments = ["run", "--release", "-p", package, "--example", example];
                printed(&shell::read(&mut shell::cargo(&workspace.root, arguments))?)
            }
            Source::Demo => measure_demo(workspace)?,
        };
        if figures.is_empty() {
            bail!("{} gave no figure: `{}`", self.name, self.command);
        }
        Ok(figures)
    }
}

fn measure_bench(workspace: &Workspace, package: &str, bench: &str) -> Result<Vec<Figure>> {
    let folder = workspace.target.join("criterion");
    let before = criterion::stand(&folder)?;
    let said = shell::read(&mut shell::cargo(&workspace.root, ["bench", "-p", package, "--bench", bench]))?;
    let figures = criterion::figures(&folder, &before)?;
    Ok(if figures.is_empty() { printed(&said) } else { figures })
}

fn measure_demo(workspace: &Workspace) -> Result<Vec<Figure>> {
    shell::run(&mut shell::cargo(&workspace.root, ["build", "--release", "-p", "tradeport"]))?;
    let program = workspace.target.join("release").join(format!("tradeport{}", std::env::consts::EXE_SUFFIX));
    let folder = std::env::temp_dir().join(format!("tradeport-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut command = std::process::Command::new(program);
    let figures = process::measure(command.args(["demo", "--data-dir"]).arg(&folder));
    fs::remove_dir_all(&folder)?;
    figures
}

fn printed(text: &str) -> Vec<Figure> {
    println!("{text}");
    text.lines().filter_map(Figure::read).collect()
}

/// The aim for a figure, if it has one.
pub(super) fn aim_of(figure: &Figure) -> Option<Bound> {
    let fits = |aim: &&Aim| figure.name.starts_with(aim.beginning) && figure.unit.starts_with(aim.unit);
    AIMS.iter().find(fits).map(|aim| aim.bound)
}

/// Whether a figure has an aim and does not reach it.
pub(super) fn misses(figure: &Figure) -> bool {
    match aim_of(figure) {
        Some(Bound::AtLeast(least)) => figure.value < least,
        Some(Bound::AtMost(most)) => figure.value > most,
        None => false,
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, value) = match self {
            Self::AtLeast(value) => ("at least", *value),
            Self::AtMost(value) => ("at most", *value),
        };
        write!(formatter, "{word} {}", Figure::new("", value, "").spelled().trim_end_matches(".00"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Package, Target};

    fn workspace(package: &str, kind: Kind, name: &str) -> Workspace {
        let targets = vec![Target { name: name.to_owned(), kind }];
        let package =
            Package { name: package.to_owned(), folder: String::new(), dependencies: Vec::new(), targets };
        Workspace { root: ".".into(), target: "target".into(), packages: vec![package] }
    }

    #[test]
    fn benches_and_programs_show_when_they_exist() {
        let names =
            |workspace: &Workspace| all(workspace).into_iter().map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(names(&workspace("tradeport-fake-broker", Kind::Bench, "exchange")), ["exchange"]);
        assert_eq!(names(&workspace("tradeport-sqlite", Kind::Example, "record_speed")), ["recording"]);
        assert_eq!(names(&workspace("tradeport-sqlite", Kind::Example, "start_speed")), ["start-up"]);
        assert_eq!(names(&workspace("tradeport-sqlite", Kind::Example, "order_speed")), ["orders"]);
        assert_eq!(names(&workspace("tradeport-fake-tws", Kind::Example, "loopback_speed")), ["fake-tws"]);
        assert_eq!(names(&workspace("tradeport-ib", Kind::Example, "adapter_speed")), ["adapter"]);
        assert_eq!(names(&workspace("tradeport", Kind::Binary, "tradeport")), ["demo"]);
        assert!(names(&workspace("tradeport-sqlite", Kind::Library, "tradeport_sqlite")).is_empty());
    }

    #[test]
    fn aims_are_met_or_missed() {
        assert!(misses(&Figure::new("exchange/step", 999_999.0, "inputs/s")));
        assert!(!misses(&Figure::new("exchange/step", 1_000_000.0, "inputs/s")));
        assert!(misses(&Figure::new("wall time", 20.5, "s")));
        assert!(!misses(&Figure::new("wall time", 3.0, "s")));
        assert!(!misses(&Figure::new("something else", 0.0, "s")));
    }

    #[test]
    fn aims_are_spelled_for_readers() {
        assert_eq!(Bound::AtLeast(1e6).to_string(), "at least 1,000,000");
        assert_eq!(Bound::AtMost(20.0).to_string(), "at most 20");
    }
}
