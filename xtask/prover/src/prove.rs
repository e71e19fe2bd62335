//! The questions, and what the solver says to them.

use cedar_policy::{Effect, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet, Env};
use tokio::process::Command;

use crate::example::{case, question};
use crate::texts::{of, read, whatever_is_permitted};
use crate::{Case, Failing, Findings, HoldsUp, Never, Task};

/// The version in `Cargo.toml`.
const PROVER: &str = "cedar-policy-symcc 0.8.1";

struct Prover {
    schema: Schema,
    environments: Vec<RequestEnv>,
    compiler: CedarSymCompiler<LocalSolver>,
}

/// Answers all of `task` with the solver `cvc5`.
///
/// # Errors
/// A sentence when a text does not read or the solver fails; then nothing was proved.
pub(crate) async fn prove(task: &Task, cvc5: &str, solver: String) -> Result<Findings, String> {
    let schema: Schema = task.schema.parse().map_err(|e| format!("the schema: {e}"))?;
    let mut command = Command::new(cvc5);
    let started = LocalSolver::from_command(command.args(["--lang", "smt", "--tlimit=60000"]));
    let started = started.map_err(|e| format!("start the solver `{cvc5}`: {e}"))?;
    let compiler = CedarSymCompiler::new(started).map_err(|e| e.to_string())?;
    let mut environments: Vec<RequestEnv> = schema.request_envs().collect();
    environments.sort_by_key(question);
    let mut prover = Prover { schema, environments, compiler };
    let set = read(&task.policies)?;
    let never = read(&task.never)?;
    let bare = whatever_is_permitted(&set, None)?;
    let newly = match &task.before {
        Some(before) => Some(prover.newly(&read(before)?, &set).await?),
        None => None,
    };
    Ok(Findings {
        prover: PROVER.into(),
        solver,
        errors: prover.errors(&set).await?,
        never: prover.never(&bare, &never).await?,
        holds_up: prover.holds_up(&set, &never).await?,
        newly,
    })
}

impl Prover {
    fn compile(&self, set: &PolicySet, of: &RequestEnv) -> Result<CompiledPolicySet, String> {
        CompiledPolicySet::compile(set, of, &self.schema).map_err(|e| e.to_string())
    }

    /// Policies that can fail, each with a case.
    async fn errors(&mut self, set: &PolicySet) -> Result<Vec<Failing>, String> {
        let mut failing = Vec::new();
        for environment in self.environments.clone() {
            for policy in set.policies() {
                let compiled = CompiledPolicy::compile(policy, &environment, &self.schema);
                let compiled = compiled.map_err(|e| format!("{}: {e}", policy.id()))?;
                let asked = self.compiler.check_never_errors_with_counterexample_opt(&compiled);
                if let Some(found) = asked.await.map_err(|e| e.to_string())? {
                    let policy = policy.id().to_string();
                    failing.push(Failing { policy, case: case(&environment, &found) });
                }
            }
        }
        Ok(failing)
    }

    /// A case in which both sets allow something.
    async fn both(
        &mut self,
        a: &PolicySet,
        b: &PolicySet,
        environment: &RequestEnv,
    ) -> Result<Option<Env>, String> {
        let (a, b) = (self.compile(a, environment)?, self.compile(b, environment)?);
        let asked = self.compiler.check_disjoint_with_counterexample_opt(&a, &b);
        asked.await.map_err(|e| e.to_string())
    }

    async fn refute(&mut self, set: &PolicySet, never: &PolicySet) -> Result<Option<Case>, String> {
        for environment in self.environments.clone() {
            if let Some(found) = self.both(set, never, &environment).await? {
                return Ok(Some(case(&environment, &found)));
            }
        }
        Ok(None)
    }

    async fn never(&mut self, bare: &PolicySet, never: &PolicySet) -> Result<Vec<Never>, String> {
        let mut found = Vec::new();
        for one in never.policies() {
            let refuted_by = self.refute(bare, &of([one])?).await?;
            found.push(Never {
                id: one.id().to_string(),
                environments: self.environments.len(),
                proved: refuted_by.is_none(),
                refuted_by,
            });
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(found)
    }

    /// Takes each prohibition away in turn: what falls then rests on it alone.
    async fn holds_up(
        &mut self,
        set: &PolicySet,
        never: &PolicySet,
    ) -> Result<Vec<HoldsUp>, String> {
        let mut all = Vec::new();
        for forbid in set.policies().filter(|policy| policy.effect() == Effect::Forbid) {
            let without = whatever_is_permitted(set, Some(forbid.id()))?;
            let mut fallen = Vec::new();
            for one in never.policies() {
                if self.refute(&without, &of([one])?).await?.is_some() {
                    fallen.push(one.id().to_string());
                }
            }
            fallen.sort();
            all.push(HoldsUp { prohibition: forbid.id().to_string(), never: fallen });
        }
        all.sort_by(|a, b| a.prohibition.cmp(&b.prohibition));
        Ok(all)
    }

    /// What `after` allows and `before` did not, one case a question.
    async fn newly(&mut self, before: &PolicySet, after: &PolicySet) -> Result<Vec<Case>, String> {
        let mut cases = Vec::new();
        for environment in self.environments.clone() {
            let (new, old) =
                (self.compile(after, &environment)?, self.compile(before, &environment)?);
            let asked = self.compiler.check_implies_with_counterexample_opt(&new, &old);
            if let Some(found) = asked.await.map_err(|e| e.to_string())? {
                cases.push(case(&environment, &found));
            }
        }
        Ok(cases)
    }
}
