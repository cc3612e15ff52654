package io.semel.verify;

import java.util.Arrays;
import java.util.stream.Collectors;

import io.semel.verify.realdisk.FileSystem;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A file system by the name that reports use. */
final class FileSystemConverter implements ITypeConverter<FileSystem> {
    @Override
    public FileSystem convert(String name) {
        return Arrays.stream(FileSystem.values()).filter(kind -> kind.label().equals(name)).findFirst().orElseThrow(
                () -> new TypeConversionException("no such file system: '" + name + "'; there are " + Arrays.stream(
                        FileSystem.values()).map(FileSystem::label).collect(Collectors.joining(", "))));
    }
}
