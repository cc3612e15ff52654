package io.semel.transactions.groups.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import io.semel.transactions.groups.consumer.Assignor.Subscriber;
import io.semel.transactions.groups.consumer.ConsumerMember.State;

/**
 * One group of the consumer protocol (KIP-848). Whoever drives it asks {@link #refusal}, then whether the heartbeat
 * {@link #changes} the group; if so, it puts the next epoch on record before {@link #heartbeat}.
 *
 * <p>Thread rule: used under the coordinator's pen. Time is of the steady clock.
 *
 * <p>Invariants:
 * <ul>
 * <li>G2a an epoch is never used twice: it only rises, and is on record before anybody hears of it.
 * <li>G2d a partition is held by one member at most: who shall give it back holds it until it says that it did, or is
 * removed; nobody else is told of it before.
 * <li>G2e a member reaches the group's epoch only when it holds nothing that is not in its target.
 * </ul>
 */
public final class ConsumerGroup {
    private final String groupId;
    private final ConsumerLimits limits;
    private final TopicCatalogue catalogue;
    private int epoch;
    /** End offset of the record of this epoch. */
    private long epochTicket;
    /** In the order of joining. */
    private final Map<String, ConsumerMember> members = new LinkedHashMap<>();
    private final Map<String, ConsumerMember> byInstance = new HashMap<>();
    private final Map<TopicIdPartition, String> holders = new HashMap<>();
    private Assignor assignor = Assignor.UNIFORM;
    /** By member, as of this epoch. */
    private Map<String, Set<TopicIdPartition>> target = Map.of();
    /** What members are subscribed to, as the target knows it, by name. */
    private Map<String, TopicCatalogue.Entry> topics = Map.of();
    private final Map<String, Set<String>> namesOfPatterns = new HashMap<>();
    private long nextLookMs;
    private long nextPatternLookMs;

    /** @param lastEpoch the highest one on record, 0 for none */
    public ConsumerGroup(String groupId, int lastEpoch, ConsumerLimits limits, TopicCatalogue catalogue) {
        this.groupId = groupId;
        this.epoch = lastEpoch;
        this.limits = limits;
        this.catalogue = catalogue;
    }

    // ---- heartbeats

    /** Why this member can't say that now; changes nothing. */
    public Fault refusal(ConsumerHeartbeat said) {
        ConsumerMember instance = said.instanceId().map(byInstance::get).orElse(null);
        ConsumerMember member = members.get(said.memberId());
        if (said.joins()) {
            boolean isOther = instance != null && !instance.memberId.equals(said.memberId());
            if (isOther && !instance.isAway()) {
                return Fault.UNRELEASED_INSTANCE_ID;
            }
            boolean isNew = instance == null && member == null;
            return isNew && members.size() >= limits.maxSize() ? Fault.GROUP_MAX_SIZE_REACHED : Fault.NONE;
        }
        if (said.instanceId().isPresent() && instance != null && instance != member) {
            return Fault.FENCED_INSTANCE_ID;
        }
        if (member == null || said.instanceId().isPresent() && instance == null) {
            return Fault.UNKNOWN_MEMBER_ID;
        }
        boolean isFenced = !said.leaves() && !member.mayBeAt(said.memberEpoch(), said.owned());
        return isFenced ? Fault.FENCED_MEMBER_EPOCH : Fault.NONE;
    }

    /** Whether what was said needs another epoch; changes nothing. */
    public boolean changes(ConsumerHeartbeat said) {
        if (said.leaves()) {
            return said.memberEpoch() == ConsumerHeartbeat.LEAVE;
        }
        ConsumerMember seat = seatOf(said);
        return seat == null || !seat.subscription().after(said).equals(seat.subscription());
    }

    private ConsumerMember seatOf(ConsumerHeartbeat said) {
        ConsumerMember member = members.get(said.memberId());
        return member == null ? said.instanceId().map(byInstance::get).orElse(null) : member;
    }

    /** Puts the group at an epoch that is on record. @param ticket end offset of the record */
    private void rise(int nextEpoch, long ticket) {
        if (nextEpoch <= epoch) {
            throw new IllegalStateException("G2a: group=" + groupId + " epoch=" + epoch + " next=" + nextEpoch);
        }
        epoch = nextEpoch;
        epochTicket = ticket;
    }

    /** What was neither refused nor changes the group. */
    public HeartbeatAnswer heartbeat(ConsumerHeartbeat said, long nowMs) {
        if (said.leaves()) {
            members.get(said.memberId()).goAway();
            hold(members.get(said.memberId()));
            return new HeartbeatAnswer(said.memberId(), said.memberEpoch(), limits.heartbeatIntervalMs(),
                    Optional.empty());
        }
        ConsumerMember member = sit(said);
        member.hear(said);
        return goOn(member, said, nowMs);
    }

    /** What was not refused and changes the group: the next epoch is on record, up to the end offset {@code ticket}. */
    public HeartbeatAnswer heartbeat(ConsumerHeartbeat said, long nowMs, int nextEpoch, long ticket) {
        rise(nextEpoch, ticket);
        if (said.leaves()) {
            remove(members.get(said.memberId()));
            retarget();
            return new HeartbeatAnswer(said.memberId(), said.memberEpoch(), limits.heartbeatIntervalMs(),
                    Optional.empty());
        }
        ConsumerMember member = sit(said);
        member.hear(said);
        retarget();
        return goOn(member, said, nowMs);
    }

    private ConsumerMember sit(ConsumerHeartbeat said) {
        ConsumerMember seat = seatOf(said);
        if (seat == null) {
            return add(new ConsumerMember(said.memberId(), said.instanceId()));
        }
        if (!seat.memberId.equals(said.memberId())) {
            ConsumerMember heir = ConsumerMember.heirOf(seat, said.memberId());
            Map<String, Set<TopicIdPartition>> renamed = new HashMap<>(target);
            renamed.put(heir.memberId, renamed.getOrDefault(seat.memberId, Set.of()));
            renamed.remove(seat.memberId);
            target = renamed;
            remove(seat);
            return hold(add(heir));
        }
        boolean beginsAnew = said.joins() && !seat.mayBeAt(said.memberEpoch(), said.owned());
        if (beginsAnew) {
            seat.reset();
            hold(seat);
        }
        return seat;
    }

    private ConsumerMember add(ConsumerMember member) {
        members.put(member.memberId, member);
        member.instanceId.ifPresent(instance -> byInstance.put(instance, member));
        return member;
    }

    private void remove(ConsumerMember member) {
        members.remove(member.memberId);
        member.instanceId.ifPresent(instance -> byInstance.remove(instance, member));
        holders.values().removeIf(holder -> holder.equals(member.memberId));
    }

    private HeartbeatAnswer goOn(ConsumerMember member, ConsumerHeartbeat said, long nowMs) {
        Set<TopicIdPartition> before = member.assigned();
        reconcile(member, said.owned(), nowMs);
        member.touch(nowMs, limits.sessionTimeoutMs());
        boolean isTold = said.isFull() || !before.equals(member.assigned());
        return new HeartbeatAnswer(member.memberId, member.epoch(), limits.heartbeatIntervalMs(), isTold
                ? Optional.of(member.assigned())
                : Optional.empty());
    }

    // ---- from what a member has to what it shall have

    private void reconcile(ConsumerMember member, Optional<Set<TopicIdPartition>> owned, long nowMs) {
        switch (member.state()) {
            case STABLE -> {
                if (member.epoch() != epoch) {
                    step(member, member.epoch(), owned, nowMs);
                }
            }
            case UNREVOKED -> {
                if (!mayOwn(owned, member.revoking())) {
                    step(member, member.epoch() + 1, owned, nowMs);
                }
            }
            case UNRELEASED -> step(member, member.epoch(), owned, nowMs);
        }
    }

    /** Unless it says what it owns, it may own anything. */
    private static boolean mayOwn(Optional<Set<TopicIdPartition>> owned, Set<TopicIdPartition> some) {
        return owned.map(said -> said.stream().anyMatch(some::contains)).orElse(true);
    }

    private void step(ConsumerMember member, int reachedEpoch, Optional<Set<TopicIdPartition>> owned, long nowMs) {
        Set<TopicIdPartition> wanted = target.getOrDefault(member.memberId, Set.of());
        Set<TopicIdPartition> next = new HashSet<>(member.assigned());
        next.retainAll(wanted);
        Set<TopicIdPartition> revoking = new HashSet<>(member.assigned());
        revoking.removeAll(next);
        if (!revoking.isEmpty() && mayOwn(owned, revoking)) {
            member.become(State.UNREVOKED, reachedEpoch, next, revoking);
            member.awaitRevocation(nowMs);
        } else {
            boolean hasAll = true;
            for (TopicIdPartition each : wanted) {
                if (holders.getOrDefault(each, member.memberId).equals(member.memberId)) {
                    next.add(each);
                } else {
                    hasAll = false;
                }
            }
            member.become(hasAll ? State.STABLE : State.UNRELEASED, epoch, next, Set.of());
        }
        hold(member);
    }

    /** G2d. */
    private ConsumerMember hold(ConsumerMember member) {
        holders.values().removeIf(holder -> holder.equals(member.memberId));
        for (TopicIdPartition each : member.held()) {
            String other = holders.put(each, member.memberId);
            if (other != null) {
                throw new IllegalStateException("G2d: group=" + groupId + " partition=" + each + " is held by " + other
                        + " and given to " + member);
            }
        }
        return member;
    }

    private void retarget() {
        namesOfPatterns.keySet().retainAll(members.values().stream().map(each -> each.subscription().pattern())
                .toList());
        topics = lookUp();
        List<Subscriber> subscribers = new ArrayList<>(members.size());
        for (ConsumerMember each : members.values()) {
            Set<TopicCatalogue.Entry> own = new HashSet<>();
            namesOf(each.subscription()).forEach(name -> Optional.ofNullable(topics.get(name)).ifPresent(own::add));
            subscribers.add(new Subscriber(each.memberId, each.order(), own));
        }
        assignor = mostWanted();
        target = assignor.assign(subscribers, target);
    }

    private Map<String, TopicCatalogue.Entry> lookUp() {
        Map<String, TopicCatalogue.Entry> found = new TreeMap<>();
        for (ConsumerMember each : members.values()) {
            namesOf(each.subscription()).forEach(name -> catalogue.find(name).ifPresent(topic -> found.put(name,
                    topic)));
        }
        return found;
    }

    private Set<String> namesOf(Subscription subscription) {
        if (subscription.pattern().isEmpty()) {
            return subscription.names();
        }
        Set<String> names = new HashSet<>(subscription.names());
        names.addAll(namesOfPatterns.computeIfAbsent(subscription.pattern(), this::matching));
        return names;
    }

    private Set<String> matching(String pattern) {
        return TopicPattern.of(pattern).map(each -> each.matching(catalogue.names())).orElse(Set.of());
    }

    private Assignor mostWanted() {
        Map<Assignor, Integer> votes = new TreeMap<>();
        for (ConsumerMember each : members.values()) {
            each.subscription().assignor().flatMap(Assignor::of).ifPresent(wanted -> votes.merge(wanted, 1,
                    Integer::sum));
        }
        return votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(
                Assignor.UNIFORM);
    }

    // ---- time

    /**
     * Whether time has brought what needs another epoch: somebody was silent for a session, or did not give back what
     * it should for too long, or subscribed topics have changed. Then {@link #pass}.
     */
    public boolean isOverdue(long nowMs) {
        return members.values().stream().anyMatch(member -> member.isExpired(nowMs)) || haveTopicsChanged(nowMs);
    }

    private boolean haveTopicsChanged(long nowMs) {
        if (nowMs < nextLookMs) {
            return false;
        }
        nextLookMs = nowMs + ConsumerLimits.CATALOGUE_LOOK_MS;
        if (nowMs >= nextPatternLookMs) {
            nextPatternLookMs = nowMs + ConsumerLimits.PATTERN_LOOK_MS;
            namesOfPatterns.replaceAll((pattern, names) -> matching(pattern));
        }
        return !lookUp().equals(topics);
    }

    /** Removes whose time is over, and looks at the topics again; the next epoch is on record up to {@code ticket}. */
    public void pass(long nowMs, int nextEpoch, long ticket) {
        rise(nextEpoch, ticket);
        List.copyOf(members.values()).stream().filter(member -> member.isExpired(nowMs)).forEach(this::remove);
        retarget();
    }

    // ---- what others may see

    public String groupId() {
        return groupId;
    }

    public int epoch() {
        return epoch;
    }

    /** End offset of the record that this epoch rests on. */
    public long ticket() {
        return epochTicket;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** The epoch of a member; nothing if there is no such member. */
    public Optional<Integer> epochOf(String memberId) {
        return Optional.ofNullable(members.get(memberId)).map(ConsumerMember::epoch);
    }

    /** The names of all topics that members are subscribed to. */
    public Set<String> subscribedTopics() {
        Set<String> names = new HashSet<>();
        members.values().forEach(each -> names.addAll(namesOf(each.subscription())));
        return names;
    }

    public ConsumerGroupView.State state() {
        if (members.isEmpty()) {
            return ConsumerGroupView.State.EMPTY;
        }
        boolean isStable = members.values().stream().allMatch(each -> each.isAway() || each.state() == State.STABLE
                && each.epoch() == epoch);
        return isStable ? ConsumerGroupView.State.STABLE : ConsumerGroupView.State.RECONCILING;
    }

    public ConsumerGroupView view() {
        return new ConsumerGroupView(groupId, state(), epoch, assignor.kafkaName(), members.values().stream().map(
                each -> each.view(Set.copyOf(target.getOrDefault(each.memberId, Set.of())))).toList());
    }

    @Override
    public String toString() {
        return "ConsumerGroup[" + groupId + " " + state() + " epoch=" + epoch + " members=" + members.values() + "]";
    }
}
