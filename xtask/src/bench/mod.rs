//! Speed and memory, measured and written down: criterion benches for the pure cores, whole programs for the rest. The
//! rows stand in `rows.rs`; anything that prints figures the way `figure.rs` reads them can become one.

mod criterion;
mod figure;
mod process;
mod rows;

use anyhow::{Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{markers, shell, tables};
use figure::Figure;
use rows::Row;

const PAGE: &str = "docs/benchmarks.md";
const MARKER: &str = "bench";

#[derive(Args)]
pub(crate) struct Options {
    /// Runs only rows whose name contains this.
    name: Option<String>,
    /// Puts the table into docs/benchmarks.md.
    #[arg(long)]
    write: bool,
    /// Names the rows and runs nothing.
    #[arg(long, conflicts_with = "write")]
    list: bool,
}

/// Measures, prints a table, and fails when an aim is missed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let wanted = options.name.as_deref().unwrap_or_default();
    let rows: Vec<Row> = rows::all(workspace).into_iter().filter(|row| row.name.contains(wanted)).collect();
    if rows.is_empty() {
        bail!("no row is called so; `cargo xtask bench --list` names them");
    }
    if options.list {
        rows.iter().for_each(|row| println!("{:32} {}", row.name, row.command));
        return Ok(());
    }
    if options.write && !wanted.is_empty() {
        bail!("the page shows all rows: use --write without a name");
    }
    let mut cells = Vec::new();
    let mut missed = Vec::new();
    for row in &rows {
        println!("\n=== {}", row.name);
        for figure in row.measure(workspace)? {
            missed.extend(rows::misses(&figure).then(|| figure.name.clone()));
            cells.push(line(row, &figure));
        }
    }
    let table = tables::markdown(&["row", "figure", "value", "aim", "command"], &cells);
    println!("\n{}\n{table}", machine());
    if options.write {
        markers::write(&workspace.root.join(PAGE), "Benchmarks", MARKER, &page(&table))?;
    }
    if missed.is_empty() { Ok(()) } else { bail!("aims missed: {}", missed.join(", ")) }
}

fn line(row: &Row, figure: &Figure) -> Vec<String> {
    let aim = match rows::aim_of(figure) {
        Some(aim) if rows::misses(figure) => format!("{aim}: MISSED"),
        Some(aim) => format!("{aim}: met"),
        None => "-".to_owned(),
    };
    vec![row.name.clone(), figure.name.clone(), figure.spelled(), aim, format!("`{}`", row.command)]
}

fn page(table: &str) -> String {
    format!("{}\n\nAll rows: `cargo xtask bench --write`.\n\n{table}", machine())
}

/// What the figures were measured on.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let processor = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| Some(text.lines().find_map(|line| line.strip_prefix("model name"))?.to_owned()))
        .map_or_else(
            || std::env::consts::ARCH.to_owned(),
            |name| name.trim_start_matches([' ', '\t', ':']).to_owned(),
        );
    let compiler = shell::read(std::process::Command::new("rustc").arg("--version")).unwrap_or_default();
    format!("Measured on {processor}, {cores} cores, {}, {}.", std::env::consts::OS, compiler.trim())
}
