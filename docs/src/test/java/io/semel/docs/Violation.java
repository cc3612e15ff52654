package io.semel.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One broken rule: who broke it, and how. Immutable.
 *
 * @param subject what an allow-list would name: a class, a file, or `file#method`
 * @param what the sentence that tells what is wrong, with its numbers and its remedy
 */
record Violation(String subject, String what) {
    /**
     * The violations that no entry of the allow-list excuses. An entry that excuses nothing is itself a violation,
     * so that a list of exceptions can only shrink to what is still needed.
     */
    static List<Violation> unexcused(List<Violation> all, Map<String, String> reasonBySubject) {
        Set<String> idle = new HashSet<>(reasonBySubject.keySet());
        List<Violation> unexcused = new ArrayList<>();
        for (Violation violation : all) {
            if (reasonBySubject.containsKey(violation.subject)) {
                idle.remove(violation.subject);
            } else {
                unexcused.add(violation);
            }
        }
        for (String subject : idle) {
            unexcused.add(new Violation(subject, "is on the allow-list and no longer needs to be; remove the entry"));
        }
        return unexcused;
    }

    @Override
    public String toString() {
        return subject + ": " + what;
    }
}
