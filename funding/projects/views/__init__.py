"""Doors of projects: `public` for everybody, the others for those who run one."""
