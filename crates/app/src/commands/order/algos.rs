//! `tradeport order algos`: which algos can work an order, and what they take. It only looks at what this program lists.

use crate::Session;
use crate::cli::AlgoName;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Column, Grid};
use serde::Serialize;
use tradeport_orders::algo::{AlgoProduct, AlgoSpec};

/// An algo, for JSON.
#[derive(Serialize)]
struct View {
    algo: String,
    provider: String,
    name: &'static str,
    title: &'static str,
    about: String,
    route: String,
    products: Vec<&'static str>,
    order_types: &'static [&'static str],
    params: Vec<Param>,
}

/// A parameter, for JSON.
#[derive(Serialize)]
struct Param {
    name: &'static str,
    takes: String,
    about: String,
}

impl View {
    fn of(spec: &'static AlgoSpec) -> Self {
        let params = spec.params().iter();
        let (provider, name) = (spec.provider().to_string(), spec.strategy());
        Self {
            // The broker's own need no provider before them.
            algo: if provider == "ib" { name.to_owned() } else { format!("{provider}:{name}") },
            provider,
            name,
            title: spec.title(),
            about: spec.about(),
            route: spec.provider().route().to_owned(),
            products: spec.products().iter().map(|product| AlgoProduct::name(*product)).collect(),
            order_types: spec.order_kinds(),
            params: params
                .map(|it| Param { name: it.name(), takes: it.takes().to_string(), about: it.about() })
                .collect(),
        }
    }
}

/// Prints all of them, or one with its parameters.
pub(super) fn run(name: Option<&AlgoName>, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let Some(name) = name else {
        let all: Vec<View> = AlgoSpec::all().map(View::of).collect();
        if output.is_json() {
            output.document(&all)?;
        } else {
            output.grid(&list(&all))?;
            output.say("tradeport order algos NAME prints the parameters of one");
        }
        return Ok(Exit::Done);
    };
    let Some(spec) = name.spec() else {
        return Err(Fault::usage(name.unknown(), "tradeport order algos prints all of them").into());
    };
    let view = View::of(spec);
    if output.is_json() {
        output.document(&view)?;
        return Ok(Exit::Done);
    }
    output.text(&format!(
        "{} ({}, by {})\n{}\n",
        view.algo,
        view.title,
        view.provider,
        one_line(&view.about)
    ))?;
    let mut grid = Grid::new(["parameter", "takes", "meaning"].map(Column::Words).to_vec());
    for param in view.params {
        grid.row([param.name.to_owned(), param.takes, one_line(&param.about)]);
    }
    if grid.is_empty() {
        output.say("it has no parameters");
    } else {
        output.grid(&grid)?;
    }
    Ok(Exit::Done)
}

fn list(all: &[View]) -> Grid {
    let mut grid = Grid::new(["algo", "title", "for", "order types"].map(Column::Words).to_vec());
    let or_any = |words: String| if words.is_empty() { "any".to_owned() } else { words };
    for view in all {
        let (products, types) = (view.products.join(", "), view.order_types.join(", "));
        grid.row([view.algo.clone(), view.title.to_owned(), or_any(products), or_any(types)]);
    }
    grid
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
