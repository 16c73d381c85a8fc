//! Licence expressions as crates write them: SPDX with `AND`, `OR`, `WITH` and brackets, and the old `MIT/Apache-2.0`.
//! Names are compared as texts; whether a name is known to SPDX is not asked.

use anyhow::{Result, bail};

/// Whether an expression can be met by the allowed licences alone. `OR` needs one side, `AND` both; `X WITH Y` is met
/// only by exactly that text.
pub(crate) fn is_met(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let met = reader.any()?;
    match reader.words {
        [] => Ok(met),
        [word, ..] => bail!("`{expression}` is no licence expression: `{word}` is out of place"),
    }
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Result<bool> {
        let mut met = self.all()?;
        while self.take("OR") {
            met |= self.all()?;
        }
        Ok(met)
    }

    fn all(&mut self) -> Result<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Ok(met)
    }

    fn one(&mut self) -> Result<bool> {
        if self.take("(") {
            let met = self.any()?;
            return if self.take(")") { Ok(met) } else { bail!("a bracket is not closed") };
        }
        let name = self.name()?;
        if self.take("WITH") {
            let exception = self.name()?;
            return Ok((self.allowed)(&format!("{name} WITH {exception}")));
        }
        Ok((self.allowed)(name))
    }

    fn name(&mut self) -> Result<&'a str> {
        match self.words {
            [name, rest @ ..] if !matches!(*name, "AND" | "OR" | "WITH" | "(" | ")") => {
                self.words = rest;
                Ok(name)
            }
            _ => bail!("a licence is missing"),
        }
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words {
            [first, rest @ ..] if first.eq_ignore_ascii_case(word) => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(expression: &str) -> bool {
        is_met(expression, &|name| ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].contains(&name))
            .unwrap()
    }

    #[test]
    fn a_choice_needs_one_and_a_demand_needs_all() {
        assert!(met("MIT"));
        assert!(met("GPL-3.0 OR MIT"));
        assert!(met("Apache-2.0/MIT"));
        assert!(met("Apache-2.0 / MIT"));
        assert!(!met("GPL-3.0 AND MIT"));
        assert!(met("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!met("MIT AND (GPL-3.0 OR ISC)"));
        assert!(met("GPL-3.0 AND ISC OR MIT"), "AND binds tighter");
    }

    #[test]
    fn an_exception_is_part_of_the_licence() {
        assert!(met("Apache-2.0 WITH LLVM-exception"));
        assert!(!met("Apache-2.0"));
        assert!(!met("MIT WITH LLVM-exception"));
    }

    #[test]
    fn nonsense_is_refused() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT Apache-2.0", "MIT WITH"] {
            assert!(is_met(expression, &|_| true).is_err(), "{expression}");
        }
    }
}
