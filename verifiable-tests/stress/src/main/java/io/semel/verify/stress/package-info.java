/**
 * Proof of L7 (LOCK-FREE), as far as machines at hand can prove it: who runs the tests, and the mutants that show their teeth.
 *
 * <p>The tests live in the packages that they test, because the classes are package-private; this module runs on the class
 * path only and is linked by nobody but the verifiable tests. {@code ./semel verify stress} runs the jcstress tests,
 * {@code ./semel verify stress --mutants} runs them against each of {@link io.semel.verify.stress.Mutants}, and every build
 * walks interleavings under Lincheck.
 *
 * <h2>What is shown</h2>
 * Over the real classes, and no copies of them:
 * <ul>
 * <li>claims and seal: bytes and offsets touch and never overlap, and nothing claimed after the seal counts
 * ({@code SegmentClaimStress}, {@code SegmentSealStress}, {@code LogCloseStress}, {@code ClaimInterleavingsTest});
 * <li>publish and frontier: who sees a mark or the frontier past a batch sees its bytes and what the fold made of it
 * ({@code MarkStress}, {@code FrontierStress}, {@code FoldOrderStress}, {@code LogReadStress});
 * <li>the baton: a publisher that finds it held is not left behind, each batch is folded once, and its holder sees what the
 * last one did ({@code BatonStress}, {@code BatonGuardStress}, {@code LogAppendStress}, {@code BatonInterleavingsTest},
 * {@code LogInterleavingsTest});
 * <li>wake-up: a waiter that lists itself and then looks sees the frontier or is woken ({@code WakeStress},
 * {@code LogWakeStress}, {@code WaiterListStress}, {@code WaitAgainStress}, {@code WaiterInterleavingsTest});
 * <li>leases: nothing is read after unmapping, and unmapping happens once ({@code RegionLeaseStress},
 * {@code RegionReleaseStress}, {@code RegionInterleavingsTest});
 * <li>the offset index: who sees its count sees the entries ({@code IndexStress}).
 * </ul>
 * {@code Log*Stress} and {@code LogInterleavingsTest} race a whole log, on the heap; {@code Relay} is the one harness, and
 * calls marks, baton and position in the order of the frontier's own advance.
 *
 * <h2>What is not shown</h2>
 * <ul>
 * <li>Weak processors. All runs so far were on x86, which reorders nothing but a store with a later load. Acquire and release
 * are broken there by the compiler alone, so the forks let it shuffle ({@code -XX:+StressLCM} and its kin). The mutants that
 * neither can show are listed by {@code --mutants} with the reason; nothing has been run on ARM.
 * <li>Every mutant in every run. Some windows are nanoseconds wide, and some open only in code that the compiler happened to
 * shuffle: on a busy machine a mutant can escape, and {@code --mutants} then says so and ends with 1. The run is evidence when
 * it ends with 0, on an idle machine.
 * <li>All interleavings. Lincheck walks those of random scenarios of three threads, a bounded number of them, and it knows
 * sequential consistency only: it shows that the steps are right, and never that their memory orders are.
 * <li>Races of more than two threads on the processor, and of rolling and extending segments: the scenarios fit one segment.
 * </ul>
 */
package io.semel.verify.stress;
