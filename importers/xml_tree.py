"""XML read by local names, so that a file's namespace, or its lack of one, doesn't matter. Hostile XML is refused."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jiezhang.domain.problem import Refused


@dataclass(frozen=True, slots=True)
class Node:
    """An element; paths are local names from it downwards."""

    element: etree._Element

    @property
    def line(self) -> int:
        """The line of the file the element begins on, 0 when unknown."""
        line = self.element.sourceline
        return line if isinstance(line, int) else 0

    def every(self, *path: str) -> list[Node]:
        """All elements at `path`, in document order."""
        found = [self.element]
        for name in path:
            found = [child for element in found for child in element.iterchildren(f"{{*}}{name}")]
        return [Node(element) for element in found]

    def first(self, *path: str) -> Node | None:
        return next(iter(self.every(*path)), None)

    def text(self, *path: str) -> str:
        """The text of the first element at `path`, stripped; empty when there is none."""
        node = self.first(*path)
        return (node.element.text or "").strip() if node else ""

    def texts(self, *path: str) -> list[str]:
        return [(node.element.text or "").strip() for node in self.every(*path)]

    def attribute(self, name: str, *path: str) -> str:
        node = self.first(*path)
        return str(node.element.get(name, "")) if node else ""


def parse_xml(data: bytes, file: str) -> Node:
    """The document element; `Refused` with the line when the XML is broken, or when it defines entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("XML 文件不完整或已损坏，请重新下载", file, error.lineno or 0) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("XML 文件带有文档类型定义，对账单不应有，不能导入", file)
    return Node(root)
