//! How a test says that a case catches a fault.

use std::future::Future;
use std::panic::catch_unwind;
use tradeport_conformance::run_case;

/// Does the case fail?
pub(crate) fn fails<F: Future<Output = ()> + 'static>(case: fn() -> F) -> bool {
    catch_unwind(|| run_case(case)).is_err()
}

/// One test for each line `fault: case`: the case fails with that fault. Every case of the port must be there, so that
/// none is one that nothing can fail. More faults may stand before them. `Fixture<N>` is the harness with fault number N; without
/// a fault it passes.
macro_rules! catches {
    ($kit:ident, $conformance:ident $(, also $($more:ident)+)?: $($fault:ident: $case:ident,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Fault {
            None,
            $($fault,)+
            $($($more,)+)?
        }
        const HONEST: usize = Fault::None as usize;
        const FAULTS: &[Fault] = &[Fault::None, $(Fault::$fault,)+ $($(Fault::$more,)+)?];

        mod honest {
            use super::{Fixture, HONEST};
            tradeport_conformance::$conformance!(Fixture<HONEST>);
        }

        mod caught {
            use super::{Fault, Fixture};
            use tradeport_conformance::$kit as kit;
            $(#[test]
            fn $case() {
                let case = kit::$case::<Fixture<{ Fault::$fault as usize }>>;
                assert!($crate::catching::fails(case), "{:?} is not caught", Fault::$fault);
            })+

            #[test]
            fn every_case_catches_something() {
                let cases: Vec<_> = kit::CASES.iter().map(|case| case.name).collect();
                assert_eq!([$(stringify!($case)),+][..], cases);
            }
        }
    };
}
pub(crate) use catches;
