package io.semel.verify.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.semel.verify.history.Event.Kind;

/** One wrong thing in a right history, and what it may be found as. */
enum Corruption {
    A_POLLED_VALUE_IS_ANOTHER(Anomaly.INCONSISTENT_OFFSET, Anomaly.PHANTOM_READ) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return changePoll(history, random, entries -> !entries.isEmpty(), (entries, at) -> {
                Entry right = entries.get(at);
                entries.set(at, new Entry(right.partition(), right.offset(), "strange"));
            });
        }
    },
    A_RECORD_IS_SHOWN_TO_NOBODY(Anomaly.LOST_WRITE, Anomaly.UNSEEN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(promised(history), random).map(gone -> history.stream().map(event -> event.kind() == Kind.POLLED
                    ? Event.polled(event.process(), event.entries().stream().filter(entry -> !entry.equals(gone))
                            .toList())
                    : event).toList());
        }
    },
    A_RECORD_IS_SHOWN_TO_THE_GROUP_ONLY(Anomaly.POLL_SKIP, Anomaly.INTERNAL_POLL_SKIP, Anomaly.UNSEEN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            // The first and the last of a partition are no skip of a process that polls nothing else there.
            List<Entry> observed = observed(history);
            List<Entry> inner = promised(history).stream().filter(entry -> observed.stream().anyMatch(other -> other
                    .partition().equals(entry.partition()) && other.offset() < entry.offset()) && observed.stream()
                            .anyMatch(other -> other.partition().equals(entry.partition()) && other.offset() > entry
                                    .offset())).toList();
            return pick(inner, random).map(gone -> history.stream().map(event -> event.process().equals(
                    ModelLog.OBSERVER)
                            ? Event.polled(event.process(), event.entries().stream().filter(entry -> !entry.equals(
                                    gone)).toList())
                            : event).toList());
        }
    },
    A_RECORD_IS_SHOWN_TWICE(Anomaly.INTERNAL_NONMONOTONIC_POLL) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return changePoll(history, random, entries -> !entries.isEmpty(), (entries, at) -> entries.add(at, entries
                    .get(
                            at)));
        }
    },
    TWO_RECORDS_ARE_SHOWN_THE_WRONG_WAY_ROUND(Anomaly.INTERNAL_NONMONOTONIC_POLL) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return changePoll(history, random, entries -> entries.size() > 1 && entries.stream().map(Entry::partition)
                    .distinct().count() == 1, (entries, at) -> Collections.swap(entries, at, at == 0 ? 1 : at - 1));
        }
    },
    A_POLL_COMES_AGAIN(Anomaly.NONMONOTONIC_POLL) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Integer> polls = IntStream.range(0, history.size()).filter(index -> history.get(index).process()
                    .equals(
                            ModelLog.OBSERVER) && !history.get(index).entries().isEmpty()).boxed().toList();
            return pick(polls, random).map(at -> {
                List<Event> changed = new ArrayList<>(history);
                changed.add(at, history.get(at));
                return changed;
            });
        }
    },
    AN_ABORTED_RECORD_IS_SHOWN(Anomaly.ABORTED_READ) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(sentInTransactionsThat(Kind.ABORTED, history), random).map(dead -> {
                List<Event> changed = new ArrayList<>(history);
                changed.add(Event.polled("late observer", dead));
                return changed;
            });
        }
    },
    AN_ACKNOWLEDGEMENT_NAMES_ANOTHER_OFFSET(Anomaly.INCONSISTENT_OFFSET, Anomaly.ONE_SEND_TWICE) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(promised(history), random).map(entry -> history.stream().map(event -> event.kind() == Kind.SENT
                    && event.entries().get(0).equals(entry)
                            ? Event.sent(event.process(), entry.partition(), entry.offset() + 1, entry.value())
                            : event).toList());
        }
    },
    A_FAILED_SEND_IS_SHOWN(Anomaly.FAILED_SEND_READ) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(history.stream().filter(event -> event.kind() == Kind.SEND_FAILED).map(event -> event.entries()
                    .get(0)).toList(), random).map(failed -> {
                        List<Event> changed = new ArrayList<>(history);
                        changed.add(Event.polled("late observer", new Entry(failed.partition(), history.size(), failed
                                .value())));
                        return changed;
                    });
        }
    },
    A_SEND_IS_SHOWN_TWICE(Anomaly.ONE_SEND_TWICE) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(observed(history), random).map(entry -> {
                List<Event> changed = new ArrayList<>(history);
                changed.add(Event.polled(ModelLog.OBSERVER, new Entry(entry.partition(), history.size(), entry
                        .value())));
                return changed;
            });
        }
    },
    A_COMMIT_WAS_AN_ABORT(Anomaly.ABORTED_READ) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            Set<Entry> seen = new HashSet<>(observed(history));
            return pick(sentInTransactionsThat(Kind.COMMITTED, history).stream().filter(seen::contains).toList(),
                    random)
                    .map(entry -> withEnd(history, entry, Kind.ABORTED));
        }
    },
    AN_ABORT_WAS_A_COMMIT(Anomaly.LOST_WRITE, Anomaly.UNSEEN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(sentInTransactionsThat(Kind.ABORTED, history), random).map(entry -> withEnd(history, entry,
                    Kind.COMMITTED));
        }
    },
    AN_OFFSET_STAYS_THOUGH_ITS_TRANSACTION_WENT(Anomaly.GROUP_SKIP, Anomaly.GROUP_UNSEEN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            List<Entry> observed = observed(history);
            List<Entry> passed = sentInTransactionsThat(Kind.COMMITTED, history).stream().filter(entry -> observed
                    .stream().anyMatch(other -> other.partition().equals(entry.partition()) && other.offset() > entry
                            .offset() && !sentWith(history, entry).contains(other)) && hasPolled(history, entry))
                    .toList();
            return pick(passed, random).map(entry -> {
                Set<Entry> gone = sentWith(history, entry);
                List<Event> changed = new ArrayList<>(history);
                int end = endOf(history, entry);
                changed.set(end, Event.crashed(history.get(end).process()));
                changed.replaceAll(event -> event.kind() == Kind.POLLED ? Event.polled(event.process(), event.entries()
                        .stream().filter(each -> gone.stream().noneMatch(other -> other.partition().equals(each
                                .partition()) && other.value().equals(each.value()))).toList()) : event);
                return changed;
            });
        }
    },
    A_GROUP_STOPS_BEFORE_THE_LAST_RECORD(Anomaly.GROUP_UNSEEN) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(observed(history), random).map(any -> observed(history).stream().filter(entry -> entry
                    .partition().equals(any.partition())).reduce((first, second) -> second).orElseThrow()).filter(
                            last -> last.offset() > 0 && history.stream().anyMatch(event -> event.process().startsWith(
                                    "member") && event.kind() == Kind.POLLED && event.entries().stream().anyMatch(
                                            entry -> entry.partition().equals(last.partition()) && entry
                                                    .offset() < last.offset())))
                    .map(last -> history.stream().map(event -> event.kind() == Kind.POLLED && event.process()
                            .startsWith("member")
                                    ? Event.polled(event.process(), event.entries().stream().filter(entry -> !entry
                                            .equals(last)).toList())
                                    : event).toList());
        }
    },
    A_TRANSACTION_POLLS_ITS_OWN_RECORD(Anomaly.PRECOMMITTED_READ) {
        @Override
        Optional<List<Event>> apply(List<Event> history, Random random) {
            return pick(sentInTransactionsThat(Kind.COMMITTED, history), random).map(entry -> {
                int sent = sendOf(history, entry);
                List<Event> changed = new ArrayList<>(history);
                changed.add(sent + 1, Event.polled(history.get(sent).process(), entry));
                return changed;
            });
        }
    };

    private interface Change {
        void apply(List<Entry> entries, int at);
    }

    private interface Fits {
        boolean test(List<Entry> entries);
    }

    private static final Set<Kind> UNKNOWN_ENDS = EnumSet.of(Kind.CRASHED, Kind.OUTCOME_UNKNOWN);
    private static final Set<Kind> ENDS = EnumSet.of(Kind.COMMITTED, Kind.ABORTED, Kind.CRASHED, Kind.OUTCOME_UNKNOWN);

    private final Set<Anomaly> anomalies;

    Corruption(Anomaly... anomalies) {
        this.anomalies = EnumSet.copyOf(Arrays.asList(anomalies));
    }

    /** Empty when there is nothing in the history that it could corrupt. */
    abstract Optional<List<Event>> apply(List<Event> history, Random random);

    /** It must be found as one of these at least. */
    Set<Anomaly> anomalies() {
        return anomalies;
    }

    private static <T> Optional<T> pick(List<T> from, Random random) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private static List<Entry> observed(List<Event> history) {
        return history.stream().filter(event -> event.process().equals(ModelLog.OBSERVER)).flatMap(event -> event
                .entries()
                .stream()).toList();
    }

    /** Acknowledged outside of transactions, or in one that committed. */
    private static List<Entry> promised(List<Event> history) {
        Set<Entry> promised = history.stream().filter(event -> event.kind() == Kind.SENT && event.process().startsWith(
                "sender")).map(event -> event.entries().get(0)).collect(Collectors.toSet());
        promised.addAll(sentInTransactionsThat(Kind.COMMITTED, history));
        return observed(history).stream().filter(promised::contains).toList();
    }

    private static List<Entry> sentInTransactionsThat(Kind ended, List<Event> history) {
        return history.stream().filter(event -> event.kind() == Kind.SENT && event.process().startsWith("member")).map(
                event -> event.entries().get(0)).filter(entry -> history.get(endOf(history, entry)).kind() == ended)
                .toList();
    }

    private static int sendOf(List<Event> history, Entry entry) {
        return IntStream.range(0, history.size()).filter(index -> history.get(index).kind() == Kind.SENT && history.get(
                index).entries().get(0).equals(entry)).findFirst().orElseThrow();
    }

    private static int endOf(List<Event> history, Entry entry) {
        return endAfter(history, sendOf(history, entry));
    }

    /** Of the transaction in which that event is. */
    private static int endAfter(List<Event> history, int event) {
        String process = history.get(event).process();
        return IntStream.range(event, history.size()).filter(index -> history.get(index).process().equals(process)
                && ENDS.contains(history.get(index).kind())).findFirst().orElseThrow();
    }

    /** All that the process sent between the beginning and the end of the transaction in which it sent this one. */
    private static Set<Entry> sentWith(List<Event> history, Entry entry) {
        return eventsOf(history, entry).filter(event -> event.kind() == Kind.SEND_BEGUN).map(event -> event.entries()
                .get(0)).collect(Collectors.toSet());
    }

    /** Something that no transaction may have consumed of which nobody knows the end. */
    private static boolean hasPolled(List<Event> history, Entry sent) {
        return eventsOf(history, sent).filter(event -> event.kind() == Kind.POLLED).flatMap(event -> event.entries()
                .stream()).anyMatch(entry -> IntStream.range(0, history.size()).noneMatch(index -> history.get(index)
                        .process().startsWith("member") && history.get(index).kind() == Kind.POLLED && history.get(
                                index).entries().contains(entry) && UNKNOWN_ENDS.contains(history.get(endAfter(history,
                                        index)).kind())));
    }

    private static Stream<Event> eventsOf(List<Event> history, Entry sent) {
        int end = endOf(history, sent);
        String process = history.get(end).process();
        int begin = IntStream.iterate(end, index -> index - 1).filter(index -> history.get(index).process().equals(
                process) && history.get(index).kind() == Kind.BEGUN).findFirst().orElseThrow();
        return history.subList(begin, end).stream().filter(event -> event.process().equals(process));
    }

    private static List<Event> withEnd(List<Event> history, Entry entry, Kind end) {
        List<Event> changed = new ArrayList<>(history);
        int at = endOf(history, entry);
        String process = history.get(at).process();
        changed.set(at, end == Kind.ABORTED ? Event.aborted(process) : Event.committed(process));
        return changed;
    }

    private static Optional<List<Event>> changePoll(List<Event> history, Random random, Fits fits, Change change) {
        List<Integer> polls = IntStream.range(0, history.size()).filter(index -> history.get(index)
                .kind() == Kind.POLLED
                && fits.test(history.get(index).entries())).boxed().toList();
        return pick(polls, random).map(at -> {
            Event poll = history.get(at);
            List<Entry> entries = new ArrayList<>(poll.entries());
            change.apply(entries, random.nextInt(entries.size()));
            List<Event> changed = new ArrayList<>(history);
            changed.set(at, Event.polled(poll.process(), entries));
            return changed;
        });
    }
}
