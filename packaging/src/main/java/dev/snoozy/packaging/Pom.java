package dev.snoozy.packaging;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/**
 * What the POM of a jar in a local Maven repository says of it, and what it inherits from its
 * parents.
 *
 * @param licences the names, as they are written there; any of them may be chosen
 */
record Pom(String group, String artifact, String version, String name, List<String> licences) {

    /** The POM that lies beside the jar. */
    static Pom beside(Path jar) throws IOException {
        String file = jar.getFileName().toString().replaceFirst("\\.jar$", ".pom");
        return read(jar.resolveSibling(file));
    }

    private static Pom read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new PackagingException(
                    "expected a POM at " + file + ", found none; cure: build with Maven");
        }
        Element project = parse(file);
        Element parent = child(project, "parent");
        @Nullable Pom inherited = parent == null ? null : parent(file, project, parent);
        String group = text(project, "groupId");
        String version = text(project, "version");
        if (inherited != null) {
            group = group.isEmpty() ? inherited.group : group;
            version = version.isEmpty() ? inherited.version : version;
        }
        String artifact = text(project, "artifactId");
        String name = text(project, "name");
        List<String> licences = new ArrayList<>();
        Element own = child(project, "licenses");
        if (own != null) {
            for (Element licence : children(own)) {
                licences.add(text(licence, "name"));
            }
        } else if (inherited != null) {
            licences.addAll(inherited.licences);
        }
        return new Pom(
                group,
                artifact,
                version,
                name.isEmpty() || name.contains("${") ? artifact : name,
                List.copyOf(licences));
    }

    /** The repository is {@code group/as/folders/artifact/version}. */
    private static Pom parent(Path file, Element project, Element parent) throws IOException {
        String ownGroup = text(project, "groupId");
        String group = text(parent, "groupId");
        Path repository = file.resolve("../../..").normalize();
        for (int i = 0; i < (ownGroup.isEmpty() ? group : ownGroup).split("\\.").length; i++) {
            repository = repository.resolve("..").normalize();
        }
        String artifact = text(parent, "artifactId");
        String version = text(parent, "version");
        return read(
                repository
                        .resolve(group.replace('.', '/'))
                        .resolve(artifact)
                        .resolve(version)
                        .resolve(artifact + "-" + version + ".pom"));
    }

    private static Element parse(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new PackagingException(file + " is no sound POM: " + e.getMessage(), e);
        }
    }

    private static List<Element> children(Element of) {
        List<Element> elements = new ArrayList<>();
        for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static @Nullable Element child(Element of, String name) {
        for (Element element : children(of)) {
            if (element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }

    private static String text(Element of, String name) {
        Element element = child(of, name);
        return element == null ? "" : element.getTextContent().strip();
    }
}
