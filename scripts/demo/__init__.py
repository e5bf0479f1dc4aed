"""The demo inn (示例客栈): a believable 郑州高新区, and its loaders."""
