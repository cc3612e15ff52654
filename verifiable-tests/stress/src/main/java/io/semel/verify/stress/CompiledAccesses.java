package io.semel.verify.stress;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/**
 * How the methods of a compiled class touch shared memory, as the JDK's own disassembler tells: calls of
 * {@code VarHandle}, of the atomics, of {@code PaddedLong} and of {@code IndexWords}, reads and writes of the class's
 * volatile fields, in the order of the code.
 *
 * <p>Constructors are left out: what they store is published by whoever hands the object on. Thread rule: stateless.
 */
final class CompiledAccesses {
    private static final Pattern VOLATILE_FIELD = Pattern.compile("^  .*\\bvolatile .* (\\w+);$");
    private static final Pattern METHOD = Pattern.compile("^  \\S.* (\\w+)\\(.*\\).*;$");
    private static final Pattern OTHER_MEMBER = Pattern.compile("^  \\S.*[;{]$");
    private static final Pattern FIELD_ACCESS = Pattern.compile("\\b(get|put)field .*// Field (\\w+):");
    private static final Pattern CALL = Pattern
            .compile(
                    "// Method (?:java/lang/invoke/|java/util/concurrent/atomic/|io/semel/log/)(VarHandle|Atomic\\w+|PaddedLong|IndexWords)\\.(\\w+):");

    private CompiledAccesses() {
    }

    /** Method to its accesses; methods without any are not there. */
    static Map<String, List<String>> of(String className, String classPath) {
        String text = disassemble(className, classPath);
        Set<String> volatiles = new HashSet<>();
        Map<String, List<String>> accesses = new TreeMap<>();
        String method = "";
        for (String line : text.lines().toList()) {
            Matcher field = VOLATILE_FIELD.matcher(line);
            Matcher begins = METHOD.matcher(line);
            if (field.matches()) {
                volatiles.add(field.group(1));
            } else if (begins.matches()) {
                method = begins.group(1);
            } else if (OTHER_MEMBER.matcher(line).matches()) {
                method = "";
            } else if (!method.isEmpty()) {
                String access = accessIn(line, volatiles);
                if (!access.isEmpty()) {
                    accesses.computeIfAbsent(method, any -> new ArrayList<>()).add(access);
                }
            }
        }
        return accesses;
    }

    private static String accessIn(String line, Set<String> volatiles) {
        Matcher call = CALL.matcher(line);
        if (call.find()) {
            return call.group(1) + "." + call.group(2);
        }
        Matcher field = FIELD_ACCESS.matcher(line);
        if (field.find() && volatiles.contains(field.group(2))) {
            return (field.group(1).equals("get") ? "read " : "write ") + field.group(2);
        }
        return "";
    }

    private static String disassemble(String className, String classPath) {
        ToolProvider javap = ToolProvider.findFirst("javap")
                .orElseThrow(() -> new IllegalStateException("no javap in " + System.getProperty("java.home")
                        + "; a JDK is needed, and a runtime alone is not enough"));
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int status = javap.run(out, out, "-p", "-c", "-cp", classPath, className);
        if (status != 0) {
            throw new IllegalStateException("javap of " + className + " ended with " + status + ":\n" + text);
        }
        return text.toString();
    }
}
