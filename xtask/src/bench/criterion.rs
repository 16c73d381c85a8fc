//! What criterion leaves behind: for every benchmark a folder `new` with its name (`benchmark.json`) and its estimates
//! in nanoseconds (`estimates.json`). A benchmark that says how many inputs one round takes is shown as inputs per
//! second, the others as time per round.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::figure::Figure;

/// When each benchmark's estimates were last written.
pub(super) type Stand = BTreeMap<PathBuf, SystemTime>;

/// The benchmarks under criterion's folder; none when there is no such folder.
pub(super) fn stand(folder: &Path) -> Result<Stand> {
    let mut stand = Stand::new();
    if folder.exists() {
        collect(folder, &mut stand)?;
    }
    Ok(stand)
}

fn collect(folder: &Path, stand: &mut Stand) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        let estimates = path.join("estimates.json");
        if path.file_name().is_some_and(|name| name == "new") && estimates.exists() {
            stand.insert(path, fs::metadata(estimates)?.modified()?);
        } else {
            collect(&path, stand)?;
        }
    }
    Ok(())
}

/// Figures of the benchmarks that were written since `before`.
pub(super) fn figures(folder: &Path, before: &Stand) -> Result<Vec<Figure>> {
    let after = stand(folder)?;
    let fresh = after.iter().filter(|(path, written)| before.get(*path) != Some(*written));
    fresh
        .map(|(path, _)| figure(&json(&path.join("benchmark.json"))?, &json(&path.join("estimates.json"))?))
        .collect()
}

fn json(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}

fn figure(benchmark: &Value, estimates: &Value) -> Result<Figure> {
    let name = benchmark.get("full_id").and_then(Value::as_str).context("a benchmark has no name")?;
    let estimate = |kind: &str| estimates.get(kind)?.get("point_estimate")?.as_f64();
    let nanoseconds =
        estimate("slope").or_else(|| estimate("mean")).context("a benchmark has no estimate")?;
    if nanoseconds <= 0.0 {
        bail!("{name} took no time at all");
    }
    let inputs = benchmark.get("throughput").and_then(|each| each.get("Elements")).and_then(Value::as_f64);
    Ok(match inputs {
        Some(inputs) => Figure::new(name, inputs * 1e9 / nanoseconds, "inputs/s"),
        None => Figure::new(name, nanoseconds / 1e3, "us"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn inputs_per_second_follow_from_time_and_count() {
        let benchmark = json!({ "full_id": "exchange/step", "throughput": { "Elements": 1000 } });
        let estimates = json!({ "mean": { "point_estimate": 9e5 }, "slope": { "point_estimate": 5e5 } });
        assert_eq!(figure(&benchmark, &estimates).unwrap(), Figure::new("exchange/step", 2e6, "inputs/s"));
    }

    #[test]
    fn without_a_count_the_time_is_shown() {
        let benchmark = json!({ "full_id": "exchange/step", "throughput": null });
        let estimates = json!({ "mean": { "point_estimate": 2500.0 }, "slope": null });
        assert_eq!(figure(&benchmark, &estimates).unwrap(), Figure::new("exchange/step", 2.5, "us"));
        assert!(figure(&benchmark, &json!({})).is_err());
    }

    #[test]
    fn only_fresh_benchmarks_count() {
        let folder = std::env::temp_dir().join(format!("tradeport-criterion-{}", std::process::id()));
        let new = folder.join("exchange").join("step").join("new");
        fs::create_dir_all(&new).unwrap();
        fs::write(new.join("benchmark.json"), r#"{"full_id":"exchange/step"}"#).unwrap();
        fs::write(new.join("estimates.json"), r#"{"mean":{"point_estimate":1000.0}}"#).unwrap();
        assert_eq!(figures(&folder, &Stand::new()).unwrap(), [Figure::new("exchange/step", 1.0, "us")]);
        assert_eq!(figures(&folder, &stand(&folder).unwrap()).unwrap(), []);
        fs::remove_dir_all(folder).unwrap();
    }
}
