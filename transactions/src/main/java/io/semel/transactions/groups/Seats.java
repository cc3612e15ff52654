package io.semel.transactions.groups;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The members of a {@link Group}, found by their ids and by those of their instances. Under the coordinator's pen. */
final class Seats {
    /** In the order of joining. */
    private final Map<String, GroupMember> byId = new LinkedHashMap<>();
    private final Map<String, GroupMember> byInstance = new HashMap<>();

    void add(GroupMember member) {
        byId.put(member.memberId, member);
        if (member.isStatic()) {
            byInstance.put(member.groupInstanceId, member);
        }
    }

    /** The heir takes the seat of a static member that it is, under another id. */
    void replace(GroupMember old, GroupMember heir) {
        byId.remove(old.memberId);
        add(heir);
    }

    void remove(GroupMember member) {
        byId.remove(member.memberId);
        if (member.isStatic()) {
            byInstance.remove(member.groupInstanceId);
        }
    }

    /** In the order of joining. */
    Collection<GroupMember> all() {
        return byId.values();
    }

    int count() {
        return byId.size();
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Null if there is none. */
    GroupMember find(String memberId) {
        return byId.get(memberId);
    }

    /** Null if there is none; a static member is found by its instance, whatever its id. */
    GroupMember find(String memberId, String groupInstanceId) {
        return groupInstanceId == null ? byId.get(memberId) : byInstance.get(groupInstanceId);
    }

    /** Whether somebody of this id, and instance if one is given, has a seat. */
    GroupError identify(String memberId, String groupInstanceId) {
        GroupMember seat = find(memberId, groupInstanceId);
        if (seat == null) {
            return GroupError.UNKNOWN_MEMBER_ID;
        }
        return seat.memberId.equals(memberId) ? GroupError.NONE : GroupError.FENCED_INSTANCE_ID;
    }
}
