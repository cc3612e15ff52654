package io.semel.docs;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Which module may depend on which, read from the poms. Stateless. */
final class ModuleRules {
    private static final String OURS = "semel-";

    private ModuleRules() {}

    static List<Violation> upwardDependencies(List<SourceFile> poms) {
        List<Violation> found = new ArrayList<>();
        for (SourceFile pom : poms) {
            Element project = parse(pom);
            String module = textOf(project, "artifactId").replaceFirst(OURS, "");
            for (String dependency : semelDependencies(project)) {
                Storeys.MODULES.objection(module, dependency)
                        .ifPresent(objection -> found.add(new Violation(pom.path(), objection)));
            }
        }
        return found;
    }

    private static List<String> semelDependencies(Element project) {
        List<String> modules = new ArrayList<>();
        for (Element dependencies : children(project, "dependencies")) {
            for (Element dependency : children(dependencies, "dependency")) {
                if (textOf(dependency, "groupId").equals("io.semel")) {
                    modules.add(textOf(dependency, "artifactId").replaceFirst(OURS, ""));
                }
            }
        }
        return modules;
    }

    private static Element parse(SourceFile pom) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new InputSource(new StringReader(pom.text()))).getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException("unreadable pom: " + pom.path(), e);
        }
    }

    private static String textOf(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
