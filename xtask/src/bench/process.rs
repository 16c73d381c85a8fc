//! Wall time and peak memory of a whole program. Memory is read from `/proc` while it runs, so it is known on Linux
//! alone; the reading may miss the last few milliseconds.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::figure::Figure;
use crate::shell::{self, Stopwatch};

/// How often memory is read.
const PAUSE: Duration = Duration::from_millis(10);

/// Runs the program with its output thrown away; errors stay visible.
pub(super) fn measure(command: &mut Command) -> Result<Vec<Figure>> {
    println!("$ {}", shell::spelled(command));
    let watch = Stopwatch::start();
    let mut child = command
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start `{}`", shell::spelled(command)))?;
    let mut peak = None;
    let status = loop {
        peak = peak_kilobytes(child.id()).or(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        pause();
    };
    let seconds = watch.seconds();
    if !status.success() {
        bail!("`{}` failed: {status}", shell::spelled(command));
    }
    let mut figures = vec![Figure::new("wall time", seconds, "s")];
    figures.extend(peak.map(|kilobytes| Figure::new("peak memory", kilobytes * 1024.0 / 1e6, "MB")));
    Ok(figures)
}

#[expect(clippy::disallowed_methods, reason = "another program's memory is watched in real time")]
fn pause() {
    thread::sleep(PAUSE);
}

fn peak_kilobytes(process: u32) -> Option<f64> {
    peak_in(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

/// The high-water mark of resident memory in `/proc/PID/status`.
fn peak_in(status: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_high_water_mark() {
        assert_eq!(peak_in("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t  123 kB\nVmRSS:\t 5 kB\n"), Some(123.0));
        assert_eq!(peak_in("Name:\tx\n"), None, "a program that has ended has no memory");
    }
}
