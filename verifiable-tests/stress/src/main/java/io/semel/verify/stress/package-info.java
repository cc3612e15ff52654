/**
 * Proof of L7 (LOCK-FREE), as far as machines at hand can prove it: who runs the tests, and the mutants that show their
 * teeth.
 *
 * <p>The tests live in the packages that they test, because the classes are package-private; this module runs on the
 * class path only and is linked by nobody but the verifiable tests. {@code ./semel verify stress} runs the jcstress
 * tests, {@code ./semel verify stress --mutants} runs what must notice each of {@link io.semel.verify.stress.Mutants},
 * and every build walks interleavings under Lincheck and holds {@link io.semel.verify.stress.DeclaredOrders} against
 * the compiled classes.
 *
 * <h2>What is shown</h2>
 * Over the real classes, and no copies of them:
 * <ul>
 * <li>claims and seal: bytes and offsets touch and never overlap, and nothing claimed after the seal counts
 * ({@code SegmentClaimStress}, {@code SegmentSealStress}, {@code LogCloseStress}, {@code ClaimInterleavings});
 * <li>publish and frontier: who sees a mark or the frontier past a batch sees its bytes and what the fold made of it,
 * and first claims at once make one ring ({@code MarkStress}, {@code MarkRingStress}, {@code MarkSeenStress},
 * {@code FrontierStress}, {@code FrontierSeenStress}, {@code FoldOrderStress}, {@code LogReadStress},
 * {@code MarkRingInterleavings});
 * <li>the baton: a publisher that finds it held is not left behind, each batch is folded once and before it is passed,
 * and its holder sees what the last one did ({@code BatonStress}, {@code BatonGuardStress}, {@code LogAppendStress},
 * {@code BatonInterleavings}, {@code FrontierInterleavings}, {@code LogInterleavings});
 * <li>wake-up: a waiter that lists itself and then looks sees the frontier or is woken ({@code WakeStress},
 * {@code LogWakeStress}, {@code WaiterListStress}, {@code WaitAgainStress}, {@code WaiterInterleavings});
 * <li>leases: nothing is read after unmapping, and unmapping happens once ({@code RegionLeaseStress},
 * {@code RegionReleaseStress}, {@code RegionInterleavings});
 * <li>the indexes: who sees their count sees the entries ({@code IndexStress}, {@code TimeIndexStress},
 * {@code IndexInterleavings}).
 * </ul> {@code Log*Stress} and {@code LogInterleavings} race a whole log, on the heap; {@code Relay} is the harness of
 * the others, and calls marks, baton and position in the order of the frontier's own advance.
 *
 * <h2>Who notices which mutant</h2>
 * <ul>
 * <li>A weaker memory order is jcstress's. On x86 acquire and release are broken by the compiler alone, so the forks
 * let it shuffle ({@code -XX:+StressLCM} and its kin), and where orders matter step after step the actors run
 * {@code Loops} of them: there it also keeps stores for the end.
 * <li>A weaker step is Lincheck's, which needs no luck; jcstress races it too, where that is quick.
 * <li>What neither can show differs from the declaration. That holds a table and its reasons, and proves nothing about
 * them. Such mutants are listed by {@code --mutants} with the reason.
 * </ul>
 *
 * <h2>What is not shown</h2>
 * <ul>
 * <li>Weak processors. All runs so far were on x86, which reorders nothing but a store with a later load, and where the
 * compiler fences more than the memory model asks for: every atomic update on both sides, whatever its mode, and every
 * volatile read. Nothing has been run on ARM.
 * <li>Every mutant with certainty. Some windows are nanoseconds wide, and some open only in code that the compiler
 * happened to shuffle: one that escapes is tried again for longer, and what escapes all the same is said, with exit
 * code 1.
 * <li>All interleavings. Lincheck walks those of random scenarios of three threads, a bounded number of them, and it
 * knows sequential consistency only: it shows that the steps are right, and never that their memory orders are.
 * <li>Races of more than two threads on the processor, and of rolling and extending segments: the scenarios fit one
 * segment.
 * </ul>
 */
package io.semel.verify.stress;
