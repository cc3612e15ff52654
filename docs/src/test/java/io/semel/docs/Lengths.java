package io.semel.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

/** How long files and methods are. Methods are measured on the compiler's own syntax tree. Stateless. */
final class Lengths {
    private Lengths() {}

    static List<Violation> filesAbove(int limitLines, List<SourceFile> sources) {
        List<Violation> found = new ArrayList<>();
        for (SourceFile source : sources) {
            int lines = source.lines().size();
            if (lines > limitLines) {
                found.add(new Violation(source.path(), "has " + lines + " lines, the limit is " + limitLines));
            }
        }
        return found;
    }

    /** A method counts from its first modifier or annotation to its closing brace; its comment above does not. */
    static List<Violation> methodsAbove(int limitLines, List<SourceFile> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> inputs = sources.stream().<JavaFileObject>map(InMemory::new).toList();
        if (inputs.isEmpty()) {
            return List.of();
        }
        JavacTask task = (JavacTask) compiler.getTask(null, null, new DiagnosticCollector<>(), List.of("-proc:none"),
                null,
                inputs);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        List<Violation> found = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new LongMethods(unit, positions, limitLines, found), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static final class LongMethods extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final int limitLines;
        private final List<Violation> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, int limitLines, List<Violation> found) {
            this.unit = unit;
            this.positions = positions;
            this.limitLines = limitLines;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
            long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
            long lines = last - first + 1;
            if (lines > limitLines) {
                String path = unit.getSourceFile().toUri().getPath().substring(1);
                found.add(new Violation(path + "#" + method.getName(),
                        "has " + lines + " lines, the limit is " + limitLines));
            }
            return super.visitMethod(method, nothing);
        }
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final String text;

        InMemory(SourceFile source) {
            super(URI.create("memory:///" + source.path()), Kind.SOURCE);
            this.text = source.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
