package io.semel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern that a file must not hold, for what class files no longer show. Immutable.
 *
 * @param why what is wrong with it, and what to do instead
 */
record ForbiddenText(Pattern pattern, String why) {
    static ForbiddenText of(String regex, String why) {
        return new ForbiddenText(Pattern.compile(regex, Pattern.MULTILINE), why);
    }

    List<Violation> in(List<SourceFile> files) {
        List<Violation> found = new ArrayList<>();
        for (SourceFile file : files) {
            Matcher matcher = pattern.matcher(file.text());
            while (matcher.find()) {
                long line = file.text().substring(0, matcher.start()).lines().count();
                found.add(new Violation(file.path(), "line " + Math.max(1, line) + " has '" + matcher.group().strip()
                        + "'; " + why));
            }
        }
        return found;
    }
}
