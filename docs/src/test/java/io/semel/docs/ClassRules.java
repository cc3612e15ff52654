package io.semel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * The rules that class files show best: who looks at whom, and who calls what. Immutable.
 * The root package is a parameter, so that the rules can be shown planted classes that break them.
 */
final class ClassRules {
    private static final Pattern RAW_MEMORY = Pattern.compile(
            "sun\\.misc\\..*|jdk\\.internal\\..*|java\\.nio\\.MappedByteBuffer|java\\.lang\\.foreign\\..*");

    /** These stand on `sun.misc.Unsafe`: they warn on JDK 24 and fail once access to it is denied. */
    private static final Pattern UNSAFE_LIBRARIES = Pattern.compile(
            "org\\.agrona\\.(Unsafe.*|concurrent\\.UnsafeBuffer|concurrent\\.(One|Many)To.*Queue)"
                    + "|org\\.agrona\\.concurrent\\.(ringbuffer|broadcast)\\..*"
                    + "|org\\.jctools\\.queues\\.\\w*(Array|Linked|Xadd|Chunked)\\w*Queue");

    private final String root;
    private final JavaClasses classes;

    private ClassRules(String root, JavaClasses classes) {
        this.root = root;
        this.classes = classes;
    }

    /** The classes of every module's main sources that are on the class path. */
    static ClassRules forMainClassesOf(String root) {
        return new ClassRules(root, new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(root));
    }

    static ClassRules forTestClassesOf(String root) {
        return new ClassRules(root, new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests()).importPackages(root));
    }

    boolean knows(String className) {
        return classes.contain(className);
    }

    /** Every class must live in a room, also one that looks at nobody. */
    List<Violation> homeless() {
        List<Violation> found = new ArrayList<>();
        for (JavaClass javaClass : classes) {
            String home = nameBelowRoot(javaClass.getPackageName());
            Storeys.PACKAGES.objection(home, home)
                    .ifPresent(objection -> found.add(new Violation(topLevelNameOf(javaClass), objection)));
        }
        return found;
    }

    List<Violation> upwardLooks() {
        return dependencies(dependency -> {
            String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
            return isOurs(target) && Storeys.PACKAGES.objection(
                    nameBelowRoot(dependency.getOriginClass().getPackageName()), nameBelowRoot(target)).isPresent();
        }, "may look only down");
    }

    List<Violation> rawMemoryOutsideOfMemory() {
        String memory = root + ".log.memory";
        Predicate<JavaClass> outside = origin -> !(origin.getPackageName() + ".").startsWith(memory + ".");
        List<Violation> found = dependencies(
                dependency -> outside.test(dependency.getOriginClass())
                        && RAW_MEMORY.matcher(dependency.getTargetClass().getBaseComponentType().getName()).matches(),
                "touches raw memory; only log.memory may");
        found.addAll(accesses(
                access -> outside.test(access.getOriginOwner())
                        && access.getTargetOwner().isAssignableTo("java.nio.channels.FileChannel")
                        && access.getName().equals("map"),
                "maps a file; only log.memory may"));
        return found;
    }

    List<Violation> unsafeLibraries() {
        return dependencies(
                dependency -> UNSAFE_LIBRARIES.matcher(dependency.getTargetClass().getBaseComponentType().getName())
                        .matches(),
                "fails where access to Unsafe is denied; take a VarHandle queue or a ByteBuffer");
    }

    /** In the rooms given, whatever blocks, starts a thread, reads a clock or rolls dice. */
    List<Violation> restlessness(Set<String> rooms) {
        return accesses(
                access -> rooms.stream().anyMatch(room -> isInRoom(access.getOriginOwner(), room))
                        && Restless.CALLS.stream().anyMatch(call -> call.matches(access)),
                "blocks, starts a thread, reads a clock or rolls dice; take it by constructor or step it by doWork()");
    }

    private List<Violation> dependencies(Predicate<Dependency> wrong, String why) {
        List<Violation> found = new ArrayList<>();
        for (JavaClass origin : classes) {
            origin.getDirectDependenciesFromSelf().stream().filter(wrong).forEach(
                    dependency -> found.add(new Violation(topLevelNameOf(origin), why + ": " + dependency
                            .getDescription())));
        }
        return found;
    }

    private List<Violation> accesses(Predicate<JavaAccess<?>> wrong, String why) {
        List<Violation> found = new ArrayList<>();
        for (JavaClass origin : classes) {
            origin.getAccessesFromSelf().stream().filter(wrong).forEach(
                    access -> found.add(new Violation(topLevelNameOf(origin), why + ": " + access.getDescription())));
        }
        return found;
    }

    private boolean isOurs(String packageName) {
        return packageName.equals(root) || packageName.startsWith(root + ".");
    }

    private boolean isInRoom(JavaClass javaClass, String room) {
        return (javaClass.getPackageName() + ".").startsWith(root + "." + room + ".");
    }

    private String nameBelowRoot(String packageName) {
        return packageName.equals(root) ? packageName : packageName.substring(root.length() + 1);
    }

    private static String topLevelNameOf(JavaClass javaClass) {
        String name = javaClass.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
