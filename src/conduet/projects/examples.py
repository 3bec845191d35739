"""What the OpenAPI document shows of projects."""

from typing import Any

LISTED: dict[str, Any] = {
    "id": "proj_demo",
    "name": "Spoke & Wheel",
    "description": "The front desk of a bike shop.",
    "framework": "conversation-flow",
    "language": "en",
    "slug": "spoke-wheel",
    "createdAt": "2026-11-25T12:00:00.000Z",
    "updatedAt": "2026-11-25T12:30:00.000Z",
}
PUBLIC: dict[str, Any] = {**LISTED, "widget": {"title": "Spoke & Wheel", "color": "#0f766e"}}
VERSION: dict[str, Any] = {
    "id": "ver_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "Spring opening hours",
    "createdAt": "2026-11-25T12:31:00.000Z",
}
WORKFLOW: dict[str, Any] = {
    "id": "main",
    "name": "Main",
    "primary": True,
    "steps": [
        {"id": "start", "type": "start", "config": {}, "position": {"x": 80, "y": 160}},
        {
            "id": "hello",
            "type": "message",
            "config": {"mode": "scripted", "text": "Hello! How can we help?"},
            "position": {"x": 360, "y": 160},
        },
    ],
    "connections": [{"id": "c1", "source": "start", "sourcePort": "next", "target": "hello"}],
}
DOCUMENT: dict[str, Any] = {
    "id": "proj_demo",
    "name": "Spoke & Wheel",
    "description": "The front desk of a bike shop.",
    "framework": "conversation-flow",
    "language": "en",
    "slug": "spoke-wheel",
    "workflows": [WORKFLOW],
    "playbooks": [],
    "tools": [],
    "variables": [{"name": "name", "type": "text"}],
    "secrets": [{"name": "CRM_TOKEN"}],
    "prompts": {"tone": "Friendly and brief."},
    "behaviourConfig": {"timeZone": "Europe/Berlin", "retention": {"transcriptsDays": 365, "journalDays": 30}},
    "widget": {"title": "Spoke & Wheel", "color": "#0f766e"},
    "intents": [],
    "events": [],
    "entities": [],
    "pipelines": [],
    "tests": [],
    "webhooks": [],
    "createdAt": "2026-11-25T12:00:00.000Z",
    "updatedAt": "2026-11-25T12:30:00.000Z",
    "revision": 7,
    "schemaVersion": 1,
    "hasIdentitySecret": False,
}
PROBLEM: dict[str, Any] = {
    "severity": "warning",
    "code": "UNREACHABLE",
    "message": "Nothing leads to this step.",
    "path": "workflows[0].steps[2]",
    "workflowId": "main",
    "stepId": "bye",
}
SAVED: dict[str, Any] = {**DOCUMENT, "problems": [PROBLEM]}
MERGE_PATCH: dict[str, Any] = {
    "description": "Repairs and rentals",
    "behaviourConfig": {"timeZone": "Europe/Berlin", "persona": None},
    "secrets": [{"name": "CRM_TOKEN", "value": "s3cr3t", "environment": "production"}],
}
JSON_PATCH: list[dict[str, Any]] = [
    {"op": "test", "path": "/workflows/0/id", "value": "main"},
    {"op": "replace", "path": "/workflows/0/steps/1/config/text", "value": "Hello again!"},
]
